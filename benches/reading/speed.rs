//! Pages per processor second.

use std::fs;
use std::ops::RangeInclusive;

use crate::groups::Group;
use crate::peers::Reading;

/// Prints the speed of each reader and ours as a multiple of it.
///
/// Ours counts the service's side, a child process for each file, and word
/// boxes; `pdftotext` is a process for each file too; the Python libraries are
/// counted without their start, and read text only.
pub(crate) fn report(groups: &[Group], readings: &[Reading]) {
    println!("\npages per processor second, and ours / this");
    for (index, group) in groups.iter().enumerate() {
        line(group.name, readings, index..=index);
    }
    line("all", readings, 0..=groups.len() - 1);
    let Some(own) = readings.first() else { return };
    let files: usize = own.texts.iter().map(Vec::len).sum();
    let pages: u32 = own.texts.iter().flatten().map(|text| text.pages).sum();
    let starts = own.start * f64::from(u32::try_from(files).unwrap_or(u32::MAX));
    let reading = (own.seconds.iter().sum::<f64>() - starts).max(0.01);
    println!(
        "  a child starts in {:.1} ms; {files} starts taken off, {} reads {:.0} pages",
        own.start * 1000.0,
        own.name,
        f64::from(pages) / reading
    );
}

fn line(name: &str, readings: &[Reading], groups: RangeInclusive<usize>) {
    let rate = |reading: &Reading| {
        let texts = reading.texts[groups.clone()].iter().flatten();
        let pages: u32 = texts.map(|text| text.pages).sum();
        f64::from(pages) / reading.seconds[groups.clone()].iter().sum::<f64>().max(0.01)
    };
    let own = readings.first().map_or(0.0, rate);
    print!("  {name:<22}");
    for reading in readings {
        let rate = rate(reading);
        print!("  {} {rate:.0} ({:.2})", reading.name, own / rate);
    }
    println!();
}

/// Processor seconds of this process and its ended children, in the system's
/// usual hundredths.
pub(crate) fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // User and system time, own and children's: fields 14 to 17 of the line.
    fields.skip(11).take(4).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

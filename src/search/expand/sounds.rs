//! Sounds: what spellings of a Hindi word in Latin letters share.
//!
//! Latin spellings of Hindi differ in long vowels (`adalat`, `adaalat`), in letters
//! for one sound (`zamanat`, `jamanat`; `vakil`, `wakeel`) and in the unwritten `a`
//! between consonants (`mukadma`, `mukdama`). *Sounds* write each of them one way.

/// How many unwritten vowels of a word may be heard or not; each doubles the ways.
const MOST_UNWRITTEN: usize = 4;

/// How many spellings in Latin a word in Devanagari becomes.
const MOST_SPELLINGS: usize = 8;

/// Letters for one sound, the longest first.
const ALIKE: [(&str, &str); 22] = [
    ("chh", "c"),
    ("ksh", "ks"),
    ("sh", "s"),
    ("ch", "c"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("aa", "a"),
    ("ee", "i"),
    ("ii", "i"),
    ("oo", "u"),
    ("uu", "u"),
    ("ai", "e"),
    ("au", "o"),
    ("ou", "o"),
    ("mp", "np"),
    ("mb", "nb"),
    ("z", "j"),
    ("w", "v"),
    ("q", "k"),
    ("x", "ks"),
    ("c", "c"),
];

/// The sounds of a word in Latin letters.
pub(super) fn sounds(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let alike = ALIKE.iter().find(|(letters, _)| rest.starts_with(letters));
        let (taken, put) = match alike {
            Some((letters, sound)) => (letters.len(), *sound),
            None => (c.len_utf8(), &rest[..c.len_utf8()]),
        };
        for sound in put.chars().filter(|sound| !sound.is_whitespace()) {
            if !out.ends_with(sound) {
                out.push(sound);
            }
        }
        rest = &rest[taken..];
    }
    // An `a` at the end is written or not: `nyayalay`, `nyayalaya`.
    if out.len() > 2 && out.ends_with('a') {
        out.pop();
    }
    out
}

/// All the sounds a word in Devanagari may have.
pub(super) fn sounds_of_hindi(word: &str) -> Vec<String> {
    let mut all: Vec<String> = spellings(word).iter().map(|spelling| sounds(spelling)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How a word in Devanagari may be written in Latin, the likeliest first.
pub(super) fn latin(word: &str) -> Vec<String> {
    let mut spellings = spellings(word);
    spellings.retain(|spelling| spelling.len() > 2);
    // Without a long vowel's second letter, as names are written.
    let short =
        |spelling: &String| spelling.replace("aa", "a").replace("ee", "i").replace("oo", "u");
    let ended = |spelling: &String| {
        spelling.strip_suffix("aa").map_or_else(|| spelling.clone(), |base| format!("{base}a"))
    };
    let mut all: Vec<String> = Vec::new();
    for spelling in spellings.iter().map(short).chain(spellings.iter().map(ended)) {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    }
    all.truncate(MOST_SPELLINGS);
    all
}

/// The spellings of a word, with each unwritten vowel heard and not heard. The first
/// leaves out those that speakers leave out: before a consonant with a vowel, after
/// a vowel.
fn spellings(word: &str) -> Vec<String> {
    let syllables = syllables(word);
    let last = syllables.len().saturating_sub(1);
    let unwritten: Vec<usize> = (1..last)
        .filter(|&nth| syllables[nth].vowel == Vowel::Unwritten)
        .take(MOST_UNWRITTEN)
        .collect();
    let mut spellings = Vec::with_capacity(1 << unwritten.len());
    for choice in 0..1_usize << unwritten.len() {
        let mut spelling = String::new();
        for (nth, syllable) in syllables.iter().enumerate() {
            spelling.push_str(syllable.consonants);
            let dropped = unwritten
                .iter()
                .position(|&at| at == nth)
                .is_some_and(|bit| choice >> bit & 1 == 1);
            match syllable.vowel {
                Vowel::Written(vowel) => spelling.push_str(vowel),
                Vowel::Unwritten if nth < last && !dropped => spelling.push('a'),
                Vowel::Unwritten | Vowel::None => {}
            }
        }
        spellings.push(spelling);
    }
    spellings
}

/// A consonant, or nothing, and its vowel.
struct Syllable {
    consonants: &'static str,
    vowel: Vowel,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vowel {
    /// The `a` that every consonant has unless a sign says otherwise.
    Unwritten,
    Written(&'static str),
    None,
}

fn syllables(word: &str) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = Vec::new();
    let letters: Vec<char> = word.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        // `ज्ञ` is said and written `gy`.
        let gya = c == 'ज' && letters[at..].starts_with(&['ज', '्', 'ञ']);
        let after_gya = at >= 2 && letters[at - 2..].starts_with(&['ज', '्', 'ञ']);
        let spelt = if gya {
            Some("g")
        } else if after_gya {
            Some("y")
        } else {
            consonant(c)
        };
        if let Some(consonants) = spelt {
            syllables.push(Syllable { consonants, vowel: Vowel::Unwritten });
        } else if let Some(vowel) = vowel(c) {
            syllables.push(Syllable { consonants: "", vowel: Vowel::Written(vowel) });
        } else if let Some(last) = syllables.last_mut() {
            match c {
                '\u{094D}' => last.vowel = Vowel::None,
                '\u{093C}' => last.consonants = dotted(last.consonants),
                c => last.vowel = sign(c).map_or(last.vowel, Vowel::Written),
            }
        }
        if matches!(c, '\u{0901}' | '\u{0902}') {
            if let Some(last) = syllables.last_mut()
                && last.vowel == Vowel::Unwritten
            {
                last.vowel = Vowel::Written("a");
            }
            syllables.push(Syllable { consonants: "n", vowel: Vowel::None });
        }
    }
    syllables
}

const fn consonant(c: char) -> Option<&'static str> {
    Some(match c {
        'क' => "k",
        'ख' => "kh",
        'ग' => "g",
        'घ' => "gh",
        'च' => "ch",
        'छ' => "chh",
        'ज' => "j",
        'झ' => "jh",
        'ट' | 'त' => "t",
        'ठ' | 'थ' => "th",
        'ड' | 'द' => "d",
        'ढ' | 'ध' => "dh",
        'ङ' | 'ञ' | 'ण' | 'न' => "n",
        'प' => "p",
        'फ' => "ph",
        'ब' => "b",
        'भ' => "bh",
        'म' => "m",
        'य' => "y",
        'र' => "r",
        'ल' | 'ळ' => "l",
        'व' => "v",
        'श' | 'ष' => "sh",
        'स' => "s",
        'ह' => "h",
        _ => return None,
    })
}

/// A consonant with a dot beneath: `ज़` is z, `ड़` is r.
fn dotted(consonants: &'static str) -> &'static str {
    match consonants {
        "j" => "z",
        "ph" => "f",
        "d" => "r",
        "dh" => "rh",
        other => other,
    }
}

const fn vowel(c: char) -> Option<&'static str> {
    Some(match c {
        'अ' => "a",
        'आ' => "aa",
        'इ' => "i",
        'ई' => "ee",
        'उ' => "u",
        'ऊ' => "oo",
        'ऋ' => "ri",
        'ए' => "e",
        'ऐ' => "ai",
        'ओ' | 'ऑ' => "o",
        'औ' => "au",
        _ => return None,
    })
}

const fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        'ा' => "aa",
        'ि' => "i",
        'ी' => "ee",
        'ु' => "u",
        'ू' => "oo",
        'ृ' => "ri",
        'े' => "e",
        'ै' => "ai",
        'ो' | 'ॉ' => "o",
        'ौ' => "au",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_hindi_word_share_its_sounds() {
        for (hindi, spellings) in [
            ("ज़मानत", &["jamanat", "zamanat", "jamaanat", "zamanath"][..]),
            ("धारा", &["dhara", "dhaara"]),
            ("न्यायालय", &["nyayalay", "nyayalaya", "nyaayaalay"]),
            ("वकालतनामा", &["vakalatnama", "wakalatnama", "vakaalatnaamaa"]),
            ("अदालत", &["adalat", "adaalat"]),
            ("मुक़दमा", &["mukadma", "muqadma", "mukdama", "mukadama"]),
            ("वकील", &["vakil", "wakeel", "vakeel"]),
            ("क़ानून", &["kanun", "kanoon", "qanoon"]),
            ("शिकायत", &["shikayat", "shikaayat"]),
            ("सुप्रीम", &["suprim", "supreem"]),
            ("ज्ञापन", &["gyapan", "gyaapan"]),
            ("संपत्ति", &["sampatti", "sanpati", "sampati"]),
        ] {
            for spelling in spellings {
                assert!(
                    sounds_of_hindi(hindi).contains(&sounds(spelling)),
                    "{hindi} {spelling}: {:?}",
                    sounds_of_hindi(hindi)
                );
            }
        }
    }

    #[test]
    fn a_hindi_name_is_written_in_latin_as_names_are() {
        for (hindi, name) in [
            ("रमेश", "ramesh"),
            ("कुमार", "kumar"),
            ("सिंह", "sinh"),
            ("यादव", "yadav"),
            ("गीता", "gita"),
            ("गीता", "geeta"),
            ("न्यायालय", "nyayalay"),
        ] {
            assert!(
                latin(hindi).iter().any(|spelling| spelling == name),
                "{hindi}: {:?}",
                latin(hindi)
            );
        }
    }
}

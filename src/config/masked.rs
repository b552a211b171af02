//! The settings as text that may be shown.

use secrecy::{ExposeSecret, SecretString};

use super::Config;

impl Config {
    /// The merged settings as TOML with every secret masked.
    #[must_use]
    pub fn masked(&self) -> String {
        let mask = |secret: &SecretString| {
            if secret.expose_secret().is_empty() { "" } else { "********" }
        };
        let Self {
            data,
            database,
            secrets,
            http,
            limits,
            audit,
            sign_in,
            mail,
            sms,
            sessions,
            oidc,
            outside,
            jobs,
            search,
            reading,
            ocr,
            embeddings,
            vectors,
            llm,
            assistant,
            usage,
            log,
        } = self;
        let candidates = embeddings.candidates.iter().map(|one| one.masked(mask(&one.api_key)));
        let candidates: String = candidates.collect();
        [
            format!("[data]\ndir = {:?}\n", data.dir.display().to_string()),
            format!("[database]\nurl = {:?}\n", mask(&database.url)),
            secrets.masked(mask),
            format!(
                "[http]\nlisten = \"{}\"\npublic_url = \"{}\"\nmax_upload_mib = {}\n\
                 trusted_proxies = {:?}\n",
                http.listen,
                http.public_url,
                http.max_upload_mib,
                http.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>()
            ),
            limits.masked(),
            audit.masked(),
            sign_in.masked(),
            mail.masked(mask),
            sms.masked(mask),
            sessions.masked(),
            oidc.masked(mask),
            outside.masked(),
            format!(
                "[jobs]\nrun = {}\nworkers = {}\nlease_secs = {}\nmax_attempts = {}\n",
                jobs.run, jobs.workers, jobs.lease_secs, jobs.max_attempts
            ),
            format!(
                "[search]\nreconcile_minutes = {}\ncheck_hours = {}\n",
                search.reconcile_minutes, search.check_hours
            ),
            format!(
                "[reading]\nmemory_mib = {}\npage_secs = {}\ndocument_secs = {}\noutput_mib = {}\n\
                 warm = {}\n",
                reading.memory_mib,
                reading.page_secs,
                reading.document_secs,
                reading.output_mib,
                reading.warm
            ),
            format!(
                "[ocr]\nenabled = {}\nbinary = {:?}\nlanguages = {:?}\n",
                ocr.enabled,
                ocr.binary.display().to_string(),
                ocr.languages
            ),
            format!(
                "[embeddings]\nbase_url = {:?}\napi_key = {:?}\nmodel = {:?}\ndimensions = {}\nmodel_dir = {:?}\n",
                embeddings.base_url,
                mask(&embeddings.api_key),
                embeddings.model,
                embeddings.dimensions,
                embeddings.model_dir.display().to_string()
            ) + &candidates,
            vectors.masked(mask),
            llm.masked(mask),
            format!("[assistant]\ncache_days = {}\n", assistant.cache_days),
            format!("[usage]\npaise_per_dollar = {}\n", usage.paise_per_dollar),
            format!("[log]\nfilter = {:?}\n", log.filter),
        ]
        .join("\n")
    }
}

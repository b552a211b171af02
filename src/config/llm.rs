//! The `[llm]` section: the models that answer, in the order they are asked.

use std::fmt::Write;

use secrecy::SecretString;
use serde::Deserialize;

/// The `[llm]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Llm {
    /// The endpoint that is asked first; empty means the first of the providers, or
    /// answers without a model.
    pub base_url: String,
    /// The endpoint's key.
    pub api_key: SecretString,
    /// The endpoint's model.
    pub model: String,
    /// The most tokens prompt and answer may have together; 0 means not known.
    pub context_tokens: u64,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How long to wait for the connection, in seconds.
    pub connect_secs: u64,
    /// How long to wait for the first token, in seconds.
    pub first_token_secs: u64,
    /// How long to wait for the next token, in seconds.
    pub idle_secs: u64,
    /// How long to wait for the whole answer, in seconds.
    pub total_secs: u64,
    /// How long an answer may take over all models and rounds, in seconds.
    pub deadline_secs: u64,
    /// How often a model that failed before its first word is asked again.
    pub retries: u32,
    /// The longest pause a provider may ask for that is waited for, in milliseconds.
    pub retry_wait_ms: u64,
    /// After how long a silence the next model is asked beside the first, in
    /// milliseconds; 0 means never.
    pub hedge_ms: u64,
    /// After how many failures a model is left alone.
    pub breaker_failures: usize,
    /// Within how many seconds.
    pub breaker_window_secs: u64,
    /// For how many seconds.
    pub breaker_pause_secs: u64,
    /// The models that are asked after the first, in this order.
    pub providers: Vec<Provider>,
}

/// An `[[llm.providers]]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Who runs the model, as the price book names them; the endpoint's host when empty.
    #[serde(default)]
    pub name: String,
    /// The endpoint.
    pub base_url: String,
    /// The endpoint's key.
    #[serde(default)]
    pub api_key: SecretString,
    /// The endpoint's model.
    pub model: String,
    /// The most tokens prompt and answer may have together; 0 means not known.
    #[serde(default)]
    pub context_tokens: u64,
    /// How long to wait for the connection, in seconds, if not as long as for all.
    #[serde(default)]
    pub connect_secs: Option<u64>,
    /// How long to wait for the first token, in seconds, if not as long as for all.
    #[serde(default)]
    pub first_token_secs: Option<u64>,
    /// How long to wait for the next token, in seconds, if not as long as for all.
    #[serde(default)]
    pub idle_secs: Option<u64>,
    /// How long to wait for the whole answer, in seconds, if not as long as for all.
    #[serde(default)]
    pub total_secs: Option<u64>,
}

impl Llm {
    /// The models in the order they are asked: the section's own first, if it names one.
    #[must_use]
    pub fn in_order(&self) -> Vec<Provider> {
        let own = (!self.base_url.is_empty()).then(|| Provider {
            name: String::new(),
            base_url: self.base_url.clone(),
            api_key: self.api_key.clone(),
            model: self.model.clone(),
            context_tokens: self.context_tokens,
            connect_secs: None,
            first_token_secs: None,
            idle_secs: None,
            total_secs: None,
        });
        own.into_iter().chain(self.providers.iter().cloned()).collect()
    }

    /// Checks what no single value shows.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        check(
            self.base_url.is_empty() || !self.model.is_empty(),
            "`llm.base_url` needs `llm.model`",
        );
        check(self.deadline_secs > 0, "`llm.deadline_secs` must be at least 1");
        check(self.breaker_failures > 0, "`llm.breaker_failures` must be at least 1");
        check(self.retries <= 5, "`llm.retries` must be at most 5");
        let mut names: Vec<(String, &str)> = Vec::new();
        let models = self.in_order();
        for provider in &models {
            let complete = !provider.base_url.is_empty() && !provider.model.is_empty();
            check(complete, "`llm.providers` need `base_url` and `model`");
            let pair = (provider.named(), provider.model.as_str());
            let words = format!("`llm.providers` names `{}` / `{}` twice", pair.0, pair.1);
            check(!names.contains(&pair), &words);
            names.push(pair);
        }
    }

    /// The section as TOML, with its keys masked.
    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        let Self { base_url, api_key, model, context_tokens, max_tokens, .. } = self;
        let Self { connect_secs, first_token_secs, idle_secs, total_secs, .. } = self;
        let Self { deadline_secs, retries, retry_wait_ms, hedge_ms, .. } = self;
        let Self { breaker_failures, breaker_window_secs, breaker_pause_secs, providers, .. } =
            self;
        let key = mask(api_key);
        let mut text = format!(
            "[llm]\nbase_url = {base_url:?}\napi_key = {key:?}\nmodel = {model:?}\n\
             context_tokens = {context_tokens}\nmax_tokens = {max_tokens}\n\
             connect_secs = {connect_secs}\nfirst_token_secs = {first_token_secs}\n\
             idle_secs = {idle_secs}\ntotal_secs = {total_secs}\n\
             deadline_secs = {deadline_secs}\nretries = {retries}\n\
             retry_wait_ms = {retry_wait_ms}\nhedge_ms = {hedge_ms}\n\
             breaker_failures = {breaker_failures}\n\
             breaker_window_secs = {breaker_window_secs}\n\
             breaker_pause_secs = {breaker_pause_secs}\n"
        );
        for provider in providers {
            let Provider { name, base_url, api_key, model, context_tokens, .. } = provider;
            let key = mask(api_key);
            let _ = write!(
                text,
                "\n[[llm.providers]]\nname = {name:?}\nbase_url = {base_url:?}\napi_key = {key:?}\n\
                 model = {model:?}\ncontext_tokens = {context_tokens}\n"
            );
            let Provider { connect_secs, first_token_secs, idle_secs, total_secs, .. } = provider;
            let own = [
                ("connect_secs", connect_secs),
                ("first_token_secs", first_token_secs),
                ("idle_secs", idle_secs),
                ("total_secs", total_secs),
            ];
            for (name, secs) in own {
                if let Some(secs) = secs {
                    let _ = writeln!(text, "{name} = {secs}");
                }
            }
        }
        text
    }
}

impl Provider {
    /// Who runs the model, as the ledger and the price book name them.
    #[must_use]
    pub fn named(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let url = url::Url::parse(&self.base_url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "unknown".into())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    const TWO: &str = "[llm]\nbase_url = \"https://first.example/v1\"\nmodel = \"large\"\n\
        [[llm.providers]]\nname = \"second\"\nbase_url = \"https://second.example/v1\"\n\
        api_key = \"sk-9\"\nmodel = \"small\"\ncontext_tokens = 8000\nidle_secs = 3\n";

    #[test]
    fn the_sections_own_model_is_asked_first() {
        let llm = Config::from_toml(TWO).unwrap().llm;
        let named: Vec<(String, String)> =
            llm.in_order().iter().map(|one| (one.named(), one.model.clone())).collect();
        let pair = |name: &str, model: &str| (name.to_owned(), model.to_owned());
        assert_eq!(named, [pair("first.example", "large"), pair("second", "small")]);
        let only = TWO.replace("base_url = \"https://first.example/v1\"", "");
        assert_eq!(Config::from_toml(&only).unwrap().llm.in_order().len(), 1);
        assert!(Config::from_toml("").unwrap().llm.in_order().is_empty());
    }

    #[test]
    fn providers_are_shown_without_their_keys() {
        let masked = Config::from_toml(TWO).unwrap().masked();
        assert!(masked.contains("name = \"second\"") && !masked.contains("sk-9"), "{masked}");
        let again = Config::from_toml(&masked).unwrap().llm;
        assert_eq!(again.providers[0].idle_secs, Some(3));
        assert_eq!(again.providers[0].connect_secs, None);
    }

    #[test]
    fn mistakes_among_providers_are_told() {
        let twice = format!(
            "{TWO}\n[[llm.providers]]\nname = \"second\"\nbase_url = \"https://b.example\"\nmodel = \"small\""
        );
        let clear = TWO.replace("https://second", "http://second");
        let nameless = TWO.replace("model = \"small\"", "model = \"\"");
        for (text, told) in [
            (twice.as_str(), "twice"),
            (&clear, "llm.providers.base_url"),
            (&nameless, "`llm.providers` need"),
        ] {
            let error = Config::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}

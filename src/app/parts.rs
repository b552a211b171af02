//! The parts that the settings choose: reader, index, stores, models.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use url::Url;

use super::Duty;
use super::papers::Papers;
use super::platform::Platform;
use super::practice::Practice;
use crate::assistant::chain::{self, Chain};
use crate::assistant::facts::{Facts, Tables};
use crate::assistant::{self, Assistant, Proposals, llm};
use crate::audit::Audit;
use crate::auth;
use crate::config::{self, Config};
use crate::db::Db;
use crate::documents::reading::{Limits, Ocr, OcrStatus, Reader};
use crate::kernel::Clock;
use crate::outbox::{self, Outbox};
use crate::search::{LiveIndex, Mode};
use crate::usage::Usage;
use crate::vault::Vault;
use crate::vectors::{Embedder, FlatStores, QdrantStores, Source, VectorStores, Vectors, distinct};

/// The rules people sign in by.
pub(crate) fn sign_in_rules(config: &Config) -> auth::Settings {
    auth::Settings {
        public_url: config.http.public_url.clone(),
        sessions: config.sessions.rules(),
        wrong_per_account: config.sign_in.wrong_per_account,
        wrong_per_address: config.sign_in.wrong_per_address,
        sms: config.sms.is_configured(),
        provider: provider(config),
    }
}

/// The provider people may sign in with.
fn provider(config: &Config) -> Option<auth::Provider> {
    let oidc = &config.oidc;
    oidc.is_set().then(|| auth::Provider {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: oidc.client_secret.clone(),
        name: oidc.name.clone(),
        domains: oidc.domains.clone(),
        second_factor: oidc.second_factor.clone(),
        outside: config.outside.rule(),
    })
}

/// Mail and text messages on their way out, with what the settings say delivers them.
pub(super) fn outbox(
    config: &Config,
    db: &Db,
    clock: &Arc<dyn Clock>,
    vault: &Vault,
    audit: &Audit,
) -> anyhow::Result<Outbox> {
    Ok(Outbox::new(outbox::Parts {
        db: db.clone(),
        clock: Arc::clone(clock),
        vault: vault.clone(),
        audit: audit.clone(),
        carriers: config::carriers(&config.mail, &config.sms, &config.outside)?,
    }))
}

pub(super) fn reader(
    config: &Config,
    program: PathBuf,
    duty: Duty,
    missing: &mut Vec<String>,
) -> Reader {
    let config::Reading { memory_mib, page_secs, document_secs, output_mib, warm } = config.reading;
    let limits =
        Limits { memory_mib, page_secs, document_secs, output_mib, warm, ..Limits::default() };
    let ocr = Ocr {
        enabled: config.ocr.enabled,
        binary: config.ocr.binary.clone(),
        languages: config.ocr.languages.clone(),
        ..Ocr::default()
    };
    if ocr.enabled
        && let OcrStatus::Missing { reason } | OcrStatus::Incomplete { reason, .. } = ocr.detect()
    {
        missing.push(format!("Scanned pages are not read: {reason}"));
    }
    let reader = Reader::new(program, limits, ocr);
    if duty == Duty::Work {
        reader.warm();
    }
    reader
}

pub(super) fn open_index(dir: &Path, duty: Duty) -> anyhow::Result<LiveIndex> {
    let mode = match duty {
        Duty::Work => Mode::Writer,
        Duty::Read => Mode::ReaderOnly,
    };
    LiveIndex::open(&dir.join("index"), mode).context("opening the full-text index")
}

/// Where vectors are kept.
pub(super) fn vector_stores(config: &Config, dir: &Path) -> anyhow::Result<Arc<dyn VectorStores>> {
    let settings = &config.vectors;
    match settings.store {
        config::VectorStore::Embedded => {
            Ok(Arc::new(FlatStores::new(dir.join("vectors")).keeping(settings.snapshots)))
        }
        config::VectorStore::Qdrant => {
            let address = Url::parse(&settings.qdrant_url).context("`vectors.qdrant_url`")?;
            let key = &settings.qdrant_api_key;
            Ok(Arc::new(QdrantStores::new(
                &address,
                key,
                settings.snapshots,
                config.outside.rule(),
            )?))
        }
    }
}

/// The embedding models of the settings: the configured one, the candidates, and the
/// one in this process, which is always there to go back to.
pub(super) fn embedding_models(config: &Config) -> Vec<Source> {
    let (settings, outside) = (&config.embeddings, config.outside.rule());
    let mut models = Vec::new();
    if !settings.base_url.is_empty() {
        let config::Embeddings { base_url, api_key, model, dimensions, .. } = settings;
        let (key, rule) = (api_key.clone(), outside.clone());
        models.push(Source::endpoint(model, base_url, key, model, *dimensions, rule));
    }
    let in_process = Source::in_process(settings.model_dir.clone());
    if models.is_empty() {
        models.push(in_process.clone());
    }
    models.extend(settings.candidates.iter().map(|candidate| {
        let config::Candidate { name, base_url, api_key, model, dimensions } = candidate;
        Source::endpoint(name, base_url, api_key.clone(), model, *dimensions, outside.clone())
    }));
    models.push(in_process);
    distinct(models)
}

/// The embedding model of the settings, or why there is none.
pub(crate) async fn embedder(config: &Config) -> Result<Arc<dyn Embedder>, String> {
    let models = embedding_models(config);
    models.first().ok_or("the settings name no embedding model")?.ready().await
}

/// Opens the live generation, and says what is missing.
pub(super) async fn open_vectors(
    vectors: &Vectors,
    duty: Duty,
    missing: &mut Vec<String>,
) -> anyhow::Result<()> {
    if duty == Duty::Work {
        vectors.found().await.context("opening the vectors")?;
    }
    vectors.refresh().await.context("opening the vectors")?;
    if let Some(reason) = vectors.missing() {
        missing.push(format!("Search by meaning is off: {reason}"));
    }
    missing.extend(vectors.differs());
    Ok(())
}

/// The chain of language models of the settings.
pub(super) fn language_models(
    config: &Config,
    platform: (Db, Arc<dyn Clock>, Audit, Usage),
    missing: &mut Vec<String>,
) -> anyhow::Result<Chain> {
    let settings = &config.llm;
    let mut providers = Vec::new();
    for provider in settings.in_order() {
        let name = provider.named();
        let config::Provider { base_url, api_key: key, model, context_tokens, .. } = provider;
        let secs = |own: Option<u64>, all: u64| Duration::from_secs(own.unwrap_or(all));
        let endpoint = llm::Endpoint {
            base_url: Url::parse(&base_url).with_context(|| format!("the address of `{name}`"))?,
            provider: name,
            model,
            key: (!key.expose_secret().is_empty()).then_some(key),
            timeouts: llm::Timeouts {
                connect: secs(provider.connect_secs, settings.connect_secs),
                first_token: secs(provider.first_token_secs, settings.first_token_secs),
                idle: secs(provider.idle_secs, settings.idle_secs),
                total: secs(provider.total_secs, settings.total_secs),
            },
            outside: config.outside.rule(),
        };
        providers.push(chain::Provider {
            llm: Arc::new(llm::OpenAi::new(endpoint)?),
            context: (context_tokens > 0).then_some(context_tokens),
        });
    }
    if providers.is_empty() {
        missing.push(
            "Answers are put together from the documents, without a language model: set `[llm]` \
             `base_url`, `model` and `api_key` to use one"
                .to_owned(),
        );
    }
    let rules = chain::Rules {
        retries: settings.retries,
        retry_wait: Duration::from_millis(settings.retry_wait_ms),
        hedge: (settings.hedge_ms > 0).then(|| Duration::from_millis(settings.hedge_ms)),
        deadline: Duration::from_secs(settings.deadline_secs),
        breaker: chain::Limits {
            failures: settings.breaker_failures,
            window: Duration::from_secs(settings.breaker_window_secs),
            pause: Duration::from_secs(settings.breaker_pause_secs),
        },
    };
    let (db, clock, audit, usage) = platform;
    Ok(Chain::new(chain::Parts { providers, rules, usage, db, clock, audit }))
}

/// What the assistant may propose to write.
pub(super) fn proposals(platform: &Platform, practice: &Practice) -> Proposals {
    Proposals::new(
        platform.db.clone(),
        Arc::clone(&platform.clock),
        platform.audit.clone(),
        practice.cases.clone(),
        practice.fees.clone(),
        practice.deadlines.clone(),
        practice.hearings.clone(),
    )
}

/// The assistant; `told` are the tables it answers from.
pub(super) fn assistant(
    config: &Config,
    platform: &Platform,
    papers: &Papers,
    practice: &Practice,
    proposals: &Proposals,
    chain: &Chain,
) -> Assistant {
    let Platform { db, clock, audit, auth, usage, .. } = platform;
    let Papers { documents, search, .. } = papers;
    let Practice { cases, hearings, clients, billing, fees, deadlines, .. } = practice;
    Assistant::new(assistant::Parts {
        db: db.clone(),
        clock: Arc::clone(clock),
        audit: audit.clone(),
        auth: auth.clone(),
        cases: cases.clone(),
        documents: documents.clone(),
        search: search.clone(),
        usage: usage.clone(),
        facts: Facts::new(Tables {
            clock: Arc::clone(clock),
            cases: cases.clone(),
            clients: clients.clone(),
            documents: documents.clone(),
            billing: billing.clone(),
            fees: fees.clone(),
            deadlines: deadlines.clone(),
            hearings: hearings.clone(),
            messages: papers.messages.clone(),
        }),
        proposals: proposals.clone(),
        chain: chain.clone(),
        cache: assistant::Cache::new(
            db.clone(),
            Arc::clone(clock),
            documents.clone(),
            config.assistant.cache_days,
        ),
        max_tokens: config.llm.max_tokens,
        at_once: config.limits.answers_at_once,
    })
}

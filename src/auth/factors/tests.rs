//! Second factors over real tables, with a clock that is moved by hand.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::app::code_at;
use super::*;
use crate::audit::{self, Audit};
use crate::auth::{
    Carried, Entered, NewUser, Opened, Parts, Pending, SessionKind, SessionRules, Settings,
};
use crate::db::Db;
use crate::kernel::{Clock, ManualClock, Origin, Realm};
use crate::outbox::{self, Outbox};
use crate::statement;
use crate::vault::{KeySource, Keys, Vault};

const EMAIL: &str = "asha@example.in";
const PASSWORD: &str = "seven brown camels at dusk";
const COOKIE: SessionKind = SessionKind::Cookie;
const PAGES: Carried = Carried::Cookie(Realm::Practice);

struct World {
    auth: Auth,
    clock: Arc<ManualClock>,
    vault: Vault,
    db: Db,
    _dir: TempDir,
}

#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", dir.path().join("test.db").display());
        let db = Db::open(&address).await.unwrap();
        let start: DateTime<Utc> = "2026-11-02T09:30:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let time: Arc<dyn Clock> = clock.clone();
        let keys = format!("1 {}", Keys::random_text());
        let vault = Vault::open(&KeySource::Text(keys.into())).unwrap();
        let audit = Audit::new(audit::Parts {
            db: db.clone(),
            clock: Arc::clone(&time),
            vault: vault.clone(),
            settings: audit::Settings::default(),
        });
        let auth = Auth::new(Parts {
            db: db.clone(),
            clock: Arc::clone(&time),
            audit: audit.clone(),
            vault: vault.clone(),
            outbox: Outbox::new(outbox::Parts {
                db: db.clone(),
                clock: time,
                vault: vault.clone(),
                audit,
                carriers: outbox::Carriers::default(),
            }),
            settings: Settings {
                public_url: "http://127.0.0.1:8080".parse().unwrap(),
                sessions: SessionRules {
                    practice: Duration::from_hours(24),
                    practice_idle: Duration::from_hours(24),
                    portal: Duration::from_hours(4),
                    portal_idle: Duration::from_hours(4),
                    concurrent: 1000,
                    key_age: Duration::from_hours(24),
                    client_passwords: false,
                },
                wrong_per_account: 100,
                wrong_per_address: 100,
                sms: true,
                provider: None,
            },
        });
        let admin = NewUser {
            name: "Asha".into(),
            email: EMAIL.into(),
            role: Role::Admin,
            client: None,
            password: PASSWORD.into(),
        };
        auth.set_up("Chamber", admin).await.unwrap();
        Self { auth, clock, vault, db, _dir: dir }
    }

    fn minutes(&self, minutes: u64) {
        self.clock.advance(Duration::from_mins(minutes));
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    async fn sign_in(&self) -> Entered {
        self.auth.sign_in(EMAIL, PASSWORD, COOKIE, &Origin::here()).await.unwrap()
    }

    async fn waits(&self) -> Pending {
        match self.sign_in().await {
            Entered::Second(pending) => pending,
            Entered::In(_) => panic!("no second proof was asked for"),
        }
    }

    async fn finish(&self, pending: &Pending, way: Way, code: &str) -> Result<Opened, AuthError> {
        self.auth.finish(&pending.token, COOKIE, &Origin::here(), way, code).await
    }

    async fn caller(&self, opened: &Opened) -> Caller {
        self.auth.authenticate(&opened.token, PAGES, &Origin::here()).await.unwrap().unwrap()
    }

    /// Signs in without a factor, and sets an app up: the secret and the backup codes.
    async fn enrolled(&self) -> (Caller, String, Vec<String>) {
        let Entered::In(opened) = self.sign_in().await else { panic!("a factor is there") };
        let caller = self.caller(&opened).await;
        let offer = self.auth.offer_app(&caller).await.unwrap();
        let code = code_at(&offer.secret, self.now());
        let codes = self.auth.accept_app(&caller, &offer.sealed, &code).await.unwrap();
        (caller, offer.secret, codes.value)
    }

    /// The digits of the text message sent last.
    async fn texted(&self) -> String {
        let mut tx = self.db.read().await.unwrap();
        let select =
            statement!("SELECT sealed FROM letters WHERE channel = 'sms' ORDER BY id DESC LIMIT 1");
        let letter = tx.one::<Sealed>(select).await.unwrap();
        let words: Zeroizing<Vec<u8>> = self.vault.unseal("letter", &letter.sealed).unwrap();
        let words: Words = serde_json::from_slice(&words).unwrap();
        words.text.split(' ').next().unwrap().to_owned()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "each result is looked at once")]
fn wrong<T>(result: Result<T, AuthError>) -> bool {
    matches!(result, Err(AuthError::WrongCode))
}

#[tokio::test]
async fn a_code_of_the_app_works_once() {
    let world = World::new().await;
    let (_, secret, codes) = world.enrolled().await;
    assert_eq!(codes.len(), 10);
    world.minutes(1);
    let code = code_at(&secret, world.now());
    let first = world.waits().await;
    assert_eq!(first.ways, [Way::App, Way::BackupCode]);
    world.finish(&first, Way::App, &code).await.unwrap();
    let again = world.waits().await;
    assert!(wrong(world.finish(&again, Way::App, &code).await), "replayed");
    let earlier = code_at(&secret, world.now() - 30);
    assert!(wrong(world.finish(&again, Way::App, &earlier).await), "older than the last");
    let next = code_at(&secret, world.now() + 30);
    world.finish(&again, Way::App, &next).await.unwrap();
    let gone = world.finish(&again, Way::App, &next).await;
    assert!(matches!(gone, Err(AuthError::SignInAgain)), "the waiting sign-in is used up");
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_waits_too() {
    let world = World::new().await;
    let (_, secret, codes) = world.enrolled().await;
    world.minutes(1);
    let pending = world.waits().await;
    for _ in 0..5 {
        assert!(wrong(world.finish(&pending, Way::App, "000000").await));
    }
    let over = world.finish(&pending, Way::App, &code_at(&secret, world.now())).await;
    assert!(matches!(over, Err(AuthError::SignInAgain)), "five tries of one sign-in");
    let other = world.waits().await;
    let right = code_at(&secret, world.now());
    assert!(wrong(world.finish(&other, Way::App, &right).await), "five in a quarter of an hour");
    assert!(wrong(world.finish(&other, Way::BackupCode, &codes[0]).await), "whatever the way");
    world.minutes(16);
    let later = world.waits().await;
    world.finish(&later, Way::App, &code_at(&secret, world.now())).await.unwrap();
}

#[tokio::test]
async fn a_backup_code_works_once_and_a_new_set_replaces_the_old() {
    let world = World::new().await;
    let (caller, _, codes) = world.enrolled().await;
    world.finish(&world.waits().await, Way::BackupCode, &codes[0].to_uppercase()).await.unwrap();
    let pending = world.waits().await;
    assert!(wrong(world.finish(&pending, Way::BackupCode, &codes[0]).await));
    let anew = world.auth.make_backup_codes(&caller).await.unwrap().value;
    assert!(wrong(world.finish(&pending, Way::BackupCode, &codes[1]).await));
    world.finish(&pending, Way::BackupCode, &anew[1]).await.unwrap();
    assert_eq!(world.auth.factors(&caller).await.unwrap().backup_codes, 9);
}

#[tokio::test]
async fn a_sign_in_waits_ten_minutes_at_one_address_in_one_kind_of_session() {
    let world = World::new().await;
    let (_, secret, _) = world.enrolled().await;
    world.minutes(1);
    let pending = world.waits().await;
    let code = code_at(&secret, world.now());
    let elsewhere = Origin::new("203.0.113.9".parse().unwrap(), "");
    let tries = [(COOKIE, elsewhere), (SessionKind::Bearer, Origin::here())];
    for (kind, origin) in tries {
        let refused = world.auth.finish(&pending.token, kind, &origin, Way::App, &code).await;
        assert!(matches!(refused, Err(AuthError::SignInAgain)), "{kind:?} {origin:?}");
    }
    assert!(
        world.auth.authenticate(&pending.token, PAGES, &Origin::here()).await.unwrap().is_none()
    );
    world.minutes(11);
    let code = code_at(&secret, world.now());
    let late = world.finish(&pending, Way::App, &code).await;
    assert!(matches!(late, Err(AuthError::SignInAgain)));
}

#[tokio::test]
async fn a_telephone_stands_in_within_its_limits() {
    let world = World::new().await;
    let (caller, _, _) = world.enrolled().await;
    world.auth.add_phone(&caller, "+91 98765 43210").await.unwrap();
    assert!(!world.waits().await.ways.contains(&Way::Sms), "not verified yet");
    let code = world.texted().await;
    drop(world.auth.verify_phone(&caller, &code).await.unwrap());
    let pending = world.waits().await;
    assert!(pending.ways.contains(&Way::Sms));
    let here = Origin::here();
    let send = || world.auth.send_code(&pending.token, COOKIE, &here);
    send().await.unwrap();
    let first = world.texted().await;
    send().await.unwrap();
    let second = world.texted().await;
    assert!(matches!(send().await, Err(AuthError::TooManyCodes)), "three an hour");
    assert!(first == second || wrong(world.finish(&pending, Way::Sms, &first).await));
    world.finish(&pending, Way::Sms, &second).await.unwrap();
    assert!(wrong(world.finish(&world.waits().await, Way::Sms, &second).await), "once");
    world.minutes(61);
    let pending = world.waits().await;
    world.auth.send_code(&pending.token, COOKIE, &Origin::here()).await.unwrap();
    let code = world.texted().await;
    world.minutes(9);
    let later = world.waits().await;
    world.minutes(2);
    assert!(wrong(world.finish(&later, Way::Sms, &code).await), "ten minutes");
}

#[tokio::test]
async fn a_text_code_dies_after_five_tries() {
    let world = World::new().await;
    let (caller, _, _) = world.enrolled().await;
    world.auth.add_phone(&caller, "+919876543210").await.unwrap();
    let code = world.texted().await;
    let wrong_code = if code == "111111" { "222222" } else { "111111" };
    for _ in 0..5 {
        assert!(wrong(world.auth.verify_phone(&caller, wrong_code).await));
    }
    let user = &caller.user;
    let mut tx = world.db.write().await.unwrap();
    assert!(!world.auth.phone_code_is_right(&mut tx, user, &code).await.unwrap());
}

#[tokio::test]
async fn changes_need_a_recent_proof() {
    let world = World::new().await;
    let (caller, secret, _) = world.enrolled().await;
    world.minutes(11);
    let refused = world.auth.remove_app(&caller).await;
    assert!(matches!(refused, Err(AuthError::ProveFirst)));
    let bad = Proof::Password("not the password".into());
    assert!(wrong(world.auth.prove(&caller, bad).await));
    let code = code_at(&secret, world.now());
    drop(world.auth.prove(&caller, Proof::Code(Way::App, code)).await.unwrap());
    world.auth.set_factor_rule(&caller, Role::Admin, true).await.unwrap();
    let last = world.auth.remove_app(&caller).await;
    assert!(matches!(last, Err(AuthError::LastFactor)));
    world.auth.set_factor_rule(&caller, Role::Admin, false).await.unwrap();
    drop(world.auth.remove_app(&caller).await.unwrap());
    let factors = world.auth.factors(&caller).await.unwrap();
    assert_eq!((factors.app, factors.backup_codes), (false, 0), "nothing stands in for nothing");
    assert!(matches!(world.sign_in().await, Entered::In(_)));
}

#[tokio::test]
async fn an_offer_is_for_one_person_and_a_quarter_of_an_hour() {
    let world = World::new().await;
    let Entered::In(opened) = world.sign_in().await else { panic!() };
    let caller = world.caller(&opened).await;
    let offer = world.auth.offer_app(&caller).await.unwrap();
    let mut other = caller.clone();
    other.user.id = crate::kernel::UserId::new();
    let code = code_at(&offer.secret, world.now());
    assert!(wrong(world.auth.accept_app(&other, &offer.sealed, &code).await));
    assert!(wrong(world.auth.accept_app(&caller, "", &code).await));
    world.minutes(16);
    drop(world.auth.prove(&caller, Proof::Password(PASSWORD.into())).await.unwrap());
    let code = code_at(&offer.secret, world.now());
    assert!(wrong(world.auth.accept_app(&caller, &offer.sealed, &code).await));
}

/// Nobody learns from how long an answer takes who has an account: the one costly step
/// is taken as often for everybody.
#[tokio::test]
async fn known_and_unknown_accounts_cost_the_same_work() {
    let world = World::new().await;
    let Entered::In(opened) = world.sign_in().await else { panic!() };
    let caller = world.caller(&opened).await;
    let off = NewUser {
        name: "Off".into(),
        email: "off@example.in".into(),
        role: Role::Staff,
        client: None,
        password: PASSWORD.into(),
    };
    let off = world.auth.add_user(&caller.scope, off).await.unwrap();
    world.auth.set_active(&caller.scope, off.id, false).await.unwrap();
    let invited = crate::auth::Invitee {
        name: "Invited".into(),
        email: "invited@example.in".into(),
        role: Role::Staff,
        client: None,
    };
    world.auth.invite(&caller.scope, invited).await.unwrap();

    let here = Origin::here();
    let long = "long ".repeat(100);
    for (email, given) in [
        (EMAIL, "not the password"),
        (EMAIL, &long),
        ("nobody@example.in", PASSWORD),
        ("off@example.in", PASSWORD),
        ("invited@example.in", PASSWORD),
        ("invited@example.in", ""),
        ("no email at all", PASSWORD),
    ] {
        let entered = world.auth.sign_in(email, given, COOKIE, &here);
        let (entered, runs) = password::runs_of(entered).await;
        assert!(matches!(entered, Err(AuthError::NotRecognised)), "{email}");
        assert_eq!(runs, 1, "{email} `{given}`");
    }
    let (entered, runs) = password::runs_of(world.sign_in()).await;
    assert!(matches!(entered, Entered::In(_)));
    assert_eq!(runs, 1);
    // What is sent to somebody costs nothing of the kind, to whomever.
    for email in [EMAIL, "nobody@example.in", "off@example.in", "invited@example.in"] {
        let (sent, runs) = password::runs_of(world.auth.forgotten(email, &here)).await;
        assert!(sent.is_ok(), "{sent:?}");
        assert_eq!(runs, 0, "{email}");
    }
    // A client's code and a passkey are asked for before anybody is looked up: the answer
    // stands before the account does.
    let asked = world.auth.ask_for_code("nobody@example.in");
    let known = world.auth.ask_for_code(EMAIL);
    assert_eq!(asked.expires_at, known.expires_at);
}

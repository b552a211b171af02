//! Passwords: how good one must be, and argon2id, off the async threads.
//!
//! Hashing takes 19 MiB and two passes with one lane: the least the OWASP Password
//! Storage Cheat Sheet asks of argon2id. As many hashes are made at once as there are
//! cores, so a flood of sign-ins takes no more memory than that and waits its turn.

use std::sync::LazyLock;
use std::thread::available_parallelism;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

use super::{AuthError, LONGEST_PASSWORD, SHORTEST_PASSWORD};

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// What a password is checked against when there is none to compare with, so that the
/// answer takes as long as for a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

/// How many hashes are made at once.
static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(2, usize::from)));

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// It is too short.
    #[error("the password must have at least {SHORTEST_PASSWORD} characters")]
    Short,
    /// It is too long.
    #[error("the password must have at most {LONGEST_PASSWORD} characters")]
    Long,
    /// It would be guessed.
    #[error("the password is too easy to guess: {0}")]
    Guessable(&'static str),
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Compared {
    /// Whether it is the password.
    pub(super) matches: bool,
    /// Whether the stored hash was made otherwise than hashes are made now.
    pub(super) outdated: bool,
}

/// Hashes a password.
pub(super) async fn hash(password: String) -> Result<String, AuthError> {
    off_thread(move || hash_now(&password)).await?
}

/// Checks that a password is good enough for a person of whom `about` is known, and
/// hashes it.
pub(super) async fn check_and_hash(
    password: String,
    about: Vec<String>,
) -> Result<String, AuthError> {
    off_thread(move || {
        strength(&password, &about).map_err(AuthError::WeakPassword)?;
        hash_now(&password)
    })
    .await?
}

/// Compares a password with a stored hash, or with nobody's.
pub(super) async fn compare(password: String, hash: Option<String>) -> Result<Compared, AuthError> {
    off_thread(move || {
        let hash = hash.filter(|hash| !hash.is_empty());
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed =
            PasswordHash::new(&hash).map_err(|error| AuthError::Hash(error.to_string()))?;
        let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(Compared { matches: matches && known, outdated: outdated(&parsed) })
    })
    .await?
}

/// Whether a hash was made otherwise than hashes are made now.
fn outdated(hash: &PasswordHash) -> bool {
    let made = Params::try_from(hash).map(|made| (made.m_cost(), made.t_cost(), made.p_cost()));
    hash.algorithm.as_str() != Algorithm::Argon2id.as_str()
        || made != Ok((MEMORY_KIB, PASSES, LANES))
}

/// What a guesser would try first: the person's and the chamber's own words.
pub(super) fn about(name: &str, email: &str, organisation: &str) -> Vec<String> {
    let whole = [name, email, organisation];
    let parts = whole.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let parts = parts.filter(|part| part.chars().count() > 2);
    let mut about: Vec<String> =
        whole.iter().copied().chain(parts).map(str::to_lowercase).collect();
    about.push("munshi".to_owned());
    about
}

/// Whether a password is good enough: by its length, and by how many guesses it stands
/// by zxcvbn's count, which knows common passwords, names, dates and keyboards.
fn strength(password: &str, about: &[String]) -> Result<(), Weakness> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(Weakness::Short);
    }
    if length > LONGEST_PASSWORD {
        return Err(Weakness::Long);
    }
    // The count of guesses takes a word out of another for a chance hit; so what is known
    // of the person is taken away first, and the rest must stand by itself.
    let mut rest = password.to_lowercase();
    for word in about.iter().filter(|word| word.chars().count() > 2) {
        rest = rest.replace(word.as_str(), " ");
    }
    let words: Vec<&str> = about.iter().map(String::as_str).collect();
    let judged = zxcvbn(password, &words);
    let known_words_aside = zxcvbn(rest.trim(), &[]);
    if judged.score() >= Score::Three && known_words_aside.score() >= Score::Three {
        return Ok(());
    }
    let warning = judged.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    Err(Weakness::Guessable(warning.map_or(MORE_WORDS, advice)))
}

const MORE_WORDS: &str = "use four or more words that do not belong together";

/// What to do about a weakness, in words for the person typing.
const fn advice(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess
        | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "neighbouring keys are tried early; use words in their place"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "repeating a piece adds little; add other words"
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => {
            "it is on the lists of passwords that others have used; think of another"
        }
        Warning::SequencesLikeAbcAreEasyToGuess => {
            "letters or digits in their order are tried early; use words in their place"
        }
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            "years and dates are tried early; add words that nobody connects with you"
        }
        Warning::AWordByItselfIsEasyToGuess => "one word is not enough; add others",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            "names are tried early; add words that nobody connects with you"
        }
    }
}

fn hash_now(password: &str) -> Result<String, AuthError> {
    let failed = |error: &dyn std::fmt::Display| AuthError::Hash(error.to_string());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| failed(&error))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| failed(&error))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AuthError> {
    let failed = |error: &dyn std::fmt::Display| AuthError::Hash(error.to_string());
    #[cfg(test)]
    let _ = RUNS.try_with(|runs| runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let _turn = TURNS.acquire().await.map_err(|error| failed(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))
}

#[cfg(test)]
tokio::task_local! {
    /// How many passwords were hashed or compared in what a test looks at.
    static RUNS: std::sync::atomic::AtomicUsize;
}

/// What some work comes to, and how many passwords were hashed or compared for it.
#[cfg(test)]
pub(super) async fn runs_of<F: Future>(work: F) -> (F::Output, usize) {
    let counted = async {
        let done = work.await;
        (done, RUNS.with(|runs| runs.load(std::sync::atomic::Ordering::Relaxed)))
    };
    RUNS.scope(std::sync::atomic::AtomicUsize::new(0), counted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Result<(), Weakness> {
        let about = about("Ananya Mehta", "ananya.mehta@raochambers.in", "Rao & Mehta, Advocates");
        strength(password, &about)
    }

    #[test]
    fn good_passwords_are_taken() {
        for good in [
            "a long enough password",
            "teak-monsoon-4821-lantern",
            "banyan-ledger-4471-monsoon",
            "peacock-affidavit-2093-river",
            "temple-bicycle-8156-mango",
            "नदी किनारे पुराना बरगद",
        ] {
            assert_eq!(judged(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_password_is_measured_in_characters_and_never_cut() {
        assert_eq!(judged("tk-mn-48-ln"), Err(Weakness::Short));
        assert_eq!(judged("नदी बरगद"), Err(Weakness::Short));
        let long = format!("teak monsoon 4821 lantern {}", "नदी ".repeat(60));
        let long: String = long.chars().take(LONGEST_PASSWORD).collect();
        assert_eq!((long.chars().count(), judged(&long)), (LONGEST_PASSWORD, Ok(())));
        assert_eq!(judged(&format!("{long}x")), Err(Weakness::Long));
    }

    #[test]
    fn what_guessers_try_first_is_refused_with_advice() {
        for bad in [
            "passwordpassword",
            "qwertyuiop12",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "letmein12345",
            "ananyamehta2026",
            "raochambers1",
            "Password1234",
            "abcdefghijklmnop",
        ] {
            let Err(Weakness::Guessable(advice)) = judged(bad) else { panic!("{bad} was taken") };
            assert!(advice.len() > 20, "{advice}");
        }
    }

    #[test]
    fn the_same_words_are_fine_for_whom_they_say_nothing_about() {
        let other = about("Somebody Else", "else@example.in", "Another chamber");
        assert!(strength("raochambers ananya", &other).is_ok());
        assert!(judged("raochambers ananya").is_err());
    }

    #[tokio::test]
    async fn a_hash_made_with_less_is_outdated() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let weak = weak.hash_password(b"right").unwrap().to_string();
        let compared = compare("right".to_owned(), Some(weak)).await.unwrap();
        assert_eq!(compared, Compared { matches: true, outdated: true });
        let now = hash("right".to_owned()).await.unwrap();
        let compared = compare("right".to_owned(), Some(now.clone())).await.unwrap();
        assert_eq!(compared, Compared { matches: true, outdated: false });
        assert!(now.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{now}");
    }

    #[tokio::test]
    async fn nobody_has_the_empty_hash_or_nobody_s_password() {
        for hash in [None, Some(String::new())] {
            assert!(!compare("nobody".to_owned(), hash).await.unwrap().matches);
        }
    }
}

use proptest::prelude::*;

use super::*;

const STAMPED: &[u8] = b"an envelope\n";
const NONCE: u64 = 0xcc4a_a503_b9e3_297b;

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/timestamps/", $name))
    };
}

fn root() -> Authorities {
    Authorities::from_pem(data!("root.pem")).expect("certificates")
}

#[test]
fn stamps_by_rsa_and_ecdsa_keys_are_trusted_through_their_chain() {
    let (rsa, ec): (&[u8], &[u8]) = (data!("rsa.tsr"), data!("ec.tsr"));
    for (response, name) in [(rsa, "Example TSA RSA"), (ec, "Example TSA EC")] {
        for authorities in [None, Some(&root())] {
            let stamp = stamp(response, STAMPED, Some(NONCE), authorities).expect("a stamp");
            assert_eq!(stamp.authority, name);
            assert_eq!(stamp.time.date_naive().to_string(), "2026-11-28");
        }
    }
}

#[test]
fn a_stamp_over_something_else_or_by_somebody_else_is_refused() {
    let stranger = Authorities::from_pem(data!("stranger.pem")).expect("certificates");
    let refused = |stamped: &[u8], nonce, authorities: &Authorities| {
        stamp(data!("ec.tsr"), stamped, nonce, Some(authorities)).expect_err("refused").to_string()
    };
    assert!(refused(b"another envelope\n", None, &root()).contains("over something else"));
    assert!(refused(STAMPED, Some(1), &root()).contains("nonce"));
    assert!(refused(STAMPED, None, &stranger).contains("do not vouch"));
    let no = stamp(data!("refused.tsr"), STAMPED, None, None).expect_err("refused").to_string();
    assert!(no.starts_with("the authority refused with status 2"), "{no}");
}

#[test]
fn a_stamp_whose_signature_was_touched_is_refused() {
    let good = data!("ec.tsr");
    let last = good.len() - 1;
    for at in [last, last - 20] {
        let mut response = good.to_vec();
        response[at] ^= 1;
        let refused = stamp(&response, STAMPED, None, None).expect_err("refused").to_string();
        assert!(refused.contains("signature is not by the certificate"), "{refused}");
    }
    let year = good.windows(8).position(|window| window == b"20261128").expect("a time");
    let mut response = good.to_vec();
    response[year + 3] = b'5';
    let refused = stamp(&response, STAMPED, None, None).expect_err("refused").to_string();
    assert!(refused.contains("not the time in it"), "{refused}");
}

#[test]
fn a_file_of_authorities_has_to_hold_certificates() {
    for pem in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", STAMPED] {
        assert!(Authorities::from_pem(pem).is_err());
    }
    assert_eq!(format!("{:?}", root()), "Authorities(1)");
}

#[test]
fn a_request_is_der_with_a_positive_nonce() {
    for (nonce, digits) in [(0, &[0][..]), (0x7f, &[0x7f]), (0x80, &[0, 0x80]), (0x0102, &[1, 2])] {
        assert_eq!(number(nonce), digits);
    }
    let query = query(STAMPED, NONCE);
    let mut whole = Reader::new(&query);
    let mut fields = whole.sequence().expect("a sequence");
    assert_eq!((whole.end(), fields.small()), (Ok(()), Ok(1)));
    let mut imprint = fields.sequence().expect("an imprint");
    assert_eq!(imprint.sequence().expect("an algorithm").take(der::OID), Ok(OID_SHA256));
    assert_eq!(imprint.take(der::OCTET_STRING), Ok(Sha256::digest(STAMPED).as_slice()));
    assert_eq!(fields.take(der::INTEGER), Ok(number(NONCE).as_slice()));
    assert_eq!((fields.take(der::BOOLEAN), fields.end()), (Ok(&[0xff][..]), Ok(())));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        prop_assert!(stamp(&bytes, STAMPED, None, None).is_err());
        let _ = (authority::name(&bytes), Authorities::from_pem(&bytes));
    }

    #[test]
    fn no_change_of_a_response_makes_it_panic_or_gives_another_time(at in 0..1000_usize, to in any::<u8>()) {
        let good = data!("rsa.tsr");
        let mut response = good.to_vec();
        let place = at % response.len();
        response[place] = to;
        let expected = stamp(good, STAMPED, None, Some(&root())).expect("a stamp");
        if let Ok(stamp) = stamp(&response, STAMPED, None, Some(&root())) {
            prop_assert_eq!(stamp, expected);
        }
        let cut = stamp(&good[..place], STAMPED, None, None);
        prop_assert!(cut.is_err());
    }
}

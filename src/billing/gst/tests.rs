//! Every combination is decided, and those the law is clear on as it says.

use super::*;

const LEGAL: Service = Service::Legal;

fn treated(kind: SupplierKind, recipient: RecipientClass) -> Treatment {
    decide(Supplier { kind, registered: true }, recipient, LEGAL).treatment
}

#[test]
fn exactly_one_rule_fits_every_combination() {
    for kind in SupplierKind::ALL {
        for recipient in RecipientClass::ALL {
            for service in [Service::Legal, Service::Other] {
                let fit = Rules::get().rule.iter().filter(|rule| {
                    rule.supplier.contains(&kind)
                        && rule.recipient.contains(&recipient)
                        && rule.service.contains(&service)
                });
                assert_eq!(fit.count(), 1, "{kind:?} {recipient:?} {service:?}");
            }
        }
    }
}

#[test]
fn a_business_above_the_threshold_pays_the_tax_itself() {
    for kind in [SupplierKind::IndividualAdvocate, SupplierKind::Firm, SupplierKind::SeniorAdvocate]
    {
        assert_eq!(treated(kind, RecipientClass::BusinessAbove), Treatment::Reverse);
    }
}

#[test]
fn people_small_businesses_and_governments_are_exempt() {
    for kind in [SupplierKind::IndividualAdvocate, SupplierKind::Firm, SupplierKind::SeniorAdvocate]
    {
        for recipient in
            [RecipientClass::NotBusiness, RecipientClass::BusinessBelow, RecipientClass::Government]
        {
            assert_eq!(treated(kind, recipient), Treatment::Exempt, "{kind:?} {recipient:?}");
        }
    }
}

#[test]
fn between_advocates_a_senior_is_taxed_in_reverse_and_a_firm_is_exempt() {
    assert_eq!(treated(SupplierKind::SeniorAdvocate, RecipientClass::Advocate), Treatment::Reverse);
    assert_eq!(treated(SupplierKind::Firm, RecipientClass::Advocate), Treatment::Exempt);
}

#[test]
fn a_company_adds_the_tax_and_one_without_a_number_does_not() {
    for recipient in RecipientClass::ALL {
        assert_eq!(treated(SupplierKind::Company, recipient), Treatment::Forward);
        let company = Supplier { kind: SupplierKind::Company, registered: false };
        assert_eq!(decide(company, recipient, LEGAL).treatment, Treatment::NotRegistered);
    }
}

#[test]
fn an_advocate_who_is_not_registered_still_leaves_the_tax_to_the_business() {
    let supplier = Supplier { kind: SupplierKind::IndividualAdvocate, registered: false };
    let decision = decide(supplier, RecipientClass::BusinessAbove, LEGAL);
    assert_eq!(decision.treatment, Treatment::Reverse);
    assert!(decision.reason.contains("5/2017"), "{}", decision.reason);
}

#[test]
fn every_reason_names_its_authority() {
    for kind in SupplierKind::ALL {
        for recipient in RecipientClass::ALL {
            let decision = decide(Supplier { kind, registered: true }, recipient, LEGAL);
            assert!(decision.reason.contains("Notification"), "{}", decision.reason);
        }
    }
    assert!(pure_agent().reason.contains("rule 33"));
}

#[test]
fn the_place_of_supply_follows_registration_then_address_then_supplier() {
    let place = |gstin, state| place_of_supply(gstin, state, "07").code;
    assert_eq!(place(Some("27AAPFU0939F1ZV"), Some("07")), "27");
    assert_eq!(place(None, Some("29")), "29");
    assert_eq!(place(None, None), "07");
    assert!(place_of_supply(None, None, "07").words().contains("Delhi"));
}

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

/// <summary>Bodies as the providers document them (spec 2 and 3).</summary>
internal static class Examples
{
    public const string RevolutToken = """
        { "access_token": "x", "token_type": "Bearer", "expires_in": 3599, "refresh_token": "x", "refresh_token_expires_at": "2076-08-04T10:00:00Z",
          "id_token": "x" }
        """;

    public const string RevolutClientToken = """{ "access_token": "x", "token_type": "Bearer", "expires_in": 2399 }""";

    public const string RevolutAsk = """
        { "Data": { "Permissions": ["ReadAccountsBasic", "ReadAccountsDetail", "ReadBalances"], "ExpirationDateTime": "2027-12-02T00:00:00+00:00" }, "Risk": {} }
        """;

    public const string RevolutConsent = """
        { "Data": { "Status": "AwaitingAuthorisation", "StatusUpdateDateTime": "2026-09-22T11:47:10.366163Z", "CreationDateTime": "2026-09-22T11:47:10.366163Z",
            "ExpirationDateTime": "2027-12-02T00:00:00+00:00", "Permissions": ["ReadAccountsBasic"], "ConsentId": "e0bdfd78-2388-4c5e-9a41-acc0b84c9210" },
          "Risk": {}, "Links": { "Self": "https://sandbox-oba-auth.revolut.com/account-access-consents" }, "Meta": { "TotalPages": 1 } }
        """;

    /// <summary>With the nickname, which is optional.</summary>
    public const string RevolutAccounts = """
        { "Data": { "Account": [ { "AccountId": "d3779729-6f0a-4b0e-bb43-fb5159b7c166", "Currency": "GBP", "AccountType": "Personal",
            "AccountSubType": "CurrentAccount", "Nickname": "x",
            "Account": [ { "SchemeName": "UK.OBIE.IBAN", "Identification": "GB95REVO00997053872360", "Name": "John Smith" } ] } ] },
          "Links": { "Self": "https://oba-auth.revolut.com/accounts" }, "Meta": { "TotalPages": 1 } }
        """;

    public const string RevolutBalances = """
        { "Data": { "Balance": [ { "AccountId": "d3779729-6f0a-4b0e-bb43-fb5159b7c166", "Amount": { "Amount": "970.49", "Currency": "GBP" },
            "CreditDebitIndicator": "Credit", "Type": "InterimAvailable", "DateTime": "2022-09-22T08:32:02.775972Z" } ] },
          "Links": { "Self": "x" }, "Meta": { "TotalPages": 1 } }
        """;

    /// <summary>With the merchant, which is optional.</summary>
    public const string RevolutTransactions = """
        { "Data": { "Transaction": [ { "AccountId": "x", "TransactionId": "x", "Amount": { "Amount": "20.54", "Currency": "GBP" },
            "Balance": { "Amount": { "Amount": "2088.55", "Currency": "GBP" }, "CreditDebitIndicator": "Credit", "Type": "InterimBooked" },
            "BookingDateTime": "2024-12-27T06:05:20.625880Z", "ValueDateTime": "2024-12-27T06:05:21.162872Z", "CreditDebitIndicator": "Debit",
            "Status": "Booked", "ProprietaryBankTransactionCode": { "Code": "TRANSFER", "Issuer": "Revolut" }, "TransactionInformation": "To Receiver Co.",
            "MerchantDetails": { "MerchantName": "x" } } ] },
          "Links": { "Self": "x", "Next": "x" }, "Meta": {} }
        """;

    public const string RevolutError = """
        { "Code": "401 Unauthorized", "Message": "Access token is invalid or expired", "Id": "6f1c0a5be2d94c0c",
          "Errors": [ { "ErrorCode": "UK.OBIE.Resource.Unauthorized", "Message": "Access token is invalid or expired" } ] }
        """;

    /// <summary>With one of the two identifiers.</summary>
    public const string TokenIoAccounts = """
        { "accounts": [ { "id": "a:8Db:5zKcENpV", "name": "John A Smith", "bankId": "ob-modelo",
            "accountFeatures": { "supportsInformation": true, "supportsSendPayment": true, "supportsReceivePayment": true },
            "accountDetails": { "identifier": "iban", "type": ["CHECKING"], "status": "Active", "currency": "GBP", "accountHolderName": "John Arthur Smith",
              "accountIdentifiers": [ { "iban": { "iban": "GB29NWBK60161331926819" } } ] } } ] }
        """;

    public const string TokenIoBalance = """
        { "balance": { "accountId": "a:8Db:5zKcENpV", "current": { "currency": "USD", "value": "12009.1000" }, "available": { "currency": "USD", "value": "12009.1000" },
            "otherBalances": [ { "type": "Expected", "amount": { "currency": "USD", "value": "11950.0000" }, "updatedAtMs": "1729212980771" } ],
            "updatedAtMs": "1729212980771" },
          "status": "SUCCESSFUL_REQUEST" }
        """;

    public const string TokenIoError = """{ "error": { "errorCode": "PermissionDenied", "message": "Consent expired at the bank", "tokenTraceId": "5678912345" } }""";

    public const string TokenIoErrorWithoutCode = """{ "error": { "message": "x", "tokenTraceId": "5678912345" } }""";
}

using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

public sealed class TransactionRowTests
{
    [Theory]
    [InlineData("-4550", -4550)]
    [InlineData("\"-4550\"", -4550)]
    [InlineData("\" -4550 \"", -4550)]
    [InlineData("\"−4550\"", -4550)]
    [InlineData("\"\\u002d4550\"", -4550)]
    [InlineData("-4550.0", -4550)]
    [InlineData("\"-4550.000\"", -4550)]
    [InlineData("-4.55e3", -4550)]
    [InlineData("-45500E-1", -4550)]
    [InlineData("-0", 0)]
    [InlineData("-0.00", 0)]
    [InlineData("0e99", 0)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("-9223372036854775808.0", long.MinValue)]
    [InlineData("-922337203685477580.8e1", long.MinValue)]
    public void An_amount_in_any_exact_form_is_taken(string json, long minorUnits) => Assert.Equal(minorUnits, Samples.Row(("amount", json)).MinorUnits);

    [Fact]
    public void The_largest_amount_is_taken() =>
        Assert.Equal(long.MaxValue, Samples.Row(("amount", "9.223372036854775807e18"), ("direction", "\"credit\"")).MinorUnits);

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"-45.50 AUD\"")]
    [InlineData("\"-4,550\"")]
    [InlineData("\"--4550\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\".\"")]
    [InlineData("\"e5\"")]
    [InlineData("true")]
    [InlineData("{\"amount\":-4550}")]
    [InlineData("[-4550]")]
    [InlineData("-45.5")]
    [InlineData("-4550.0000000000000000000000000000000000001")]
    [InlineData("1e-9")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1e19")]
    [InlineData("1e400")]
    [InlineData("1e99999999999999999999")]
    [InlineData("123456789012345678901234567890123456789")]
    public void An_amount_that_is_no_integer_of_64_bits_is_rejected(string? json)
    {
        var rejected = Samples.Rejection(("amount", json), ("direction", null));
        Assert.Equal(RowRejection.AmountInvalid, rejected.Reason);
        Assert.StartsWith("amount is ", rejected.Detail);
        Assert.Equal("bank_tx_1", rejected.ExternalId);
    }

    [Theory]
    [InlineData("-1", "\"debit\"")]
    [InlineData("1", "\"credit\"")]
    [InlineData("1", "\"CREDIT\"")]
    [InlineData("-1", "\"Debit\"")]
    [InlineData("0", "\"debit\"")]
    [InlineData("0", "\"credit\"")]
    [InlineData("-1", "null")]
    [InlineData("1", null)]
    [InlineData("1", "\"sideways\"")]
    public void A_direction_that_does_not_contradict_the_sign_is_no_matter(string amount, string? direction) =>
        Assert.Equal(long.Parse(amount), Samples.Row(("amount", amount), ("direction", direction)).MinorUnits);

    [Theory]
    [InlineData("1", "\"debit\"")]
    [InlineData("-1", "\"credit\"")]
    [InlineData("-1", "\" CREDIT \"")]
    public void A_direction_that_contradicts_the_sign_rejects_the_row(string amount, string direction) =>
        Assert.Equal(RowRejection.SignMismatch, Samples.Rejection(("amount", amount), ("direction", direction)).Reason);

    [Theory]
    [InlineData("\"aud\"", "AUD")]
    [InlineData("\"AUD\"", "AUD")]
    [InlineData("\" Jpy \"", "JPY")]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData(null, null)]
    public void A_currency_comes_in_upper_case_or_not_at_all(string? json, string? currency) => Assert.Equal(currency, Samples.Row(("currency", json)).Currency);

    [Theory]
    [InlineData("\"xxx\"")]
    [InlineData("\"dollars\"")]
    [InlineData("\"XAU\"")]
    [InlineData("36")]
    [InlineData("[\"aud\"]")]
    public void An_unknown_currency_rejects_the_row(string json) => Assert.Equal(RowRejection.CurrencyInvalid, Samples.Rejection(("currency", json)).Reason);

    [Theory]
    [InlineData("\"posted\"", TransactionStatus.Posted)]
    [InlineData("\"POSTED\"", TransactionStatus.Posted)]
    [InlineData("\"Pending\"", TransactionStatus.Pending)]
    public void A_status_is_read_in_either_case(string json, TransactionStatus status) => Assert.Equal(status, Samples.Row(("status", json)).Status);

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("null", "null")]
    [InlineData("\"\"", "another word")]
    [InlineData("\"void\"", "another word")]
    [InlineData("1", "a number")]
    public void A_row_without_a_known_status_is_rejected(string? json, string found)
    {
        var rejected = Samples.Rejection(("status", json));
        Assert.Equal(RowRejection.StatusInvalid, rejected.Reason);
        Assert.Equal($"status is {found}; posted or pending is expected", rejected.Detail);
    }

    [Theory]
    [InlineData("\"bank_tx_abc\"", "bank_tx_abc")]
    [InlineData("\"txn_fk_bank_tx_abc\"", "bank_tx_abc")]
    [InlineData("\"txn_fk_bank_tx_s_abc\"", "bank_tx_s_abc")]
    [InlineData("\"txn_abc123\"", "txn_abc123")]
    [InlineData("\"txn_f_abc\"", "txn_f_abc")]
    [InlineData("\"txn_fk_\"", "txn_fk_")]
    [InlineData("\"TXN_fk_abc\"", "TXN_fk_abc")]
    [InlineData("12345", "12345")]
    [InlineData("\" spaced \"", " spaced ")]
    [InlineData("\"caf\\u00e9\"", "café")]
    public void An_id_is_raw_and_without_a_v2_prefix(string json, string id) => Assert.Equal(id, Samples.Row(("id", json)).ExternalId);

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("null", "null")]
    [InlineData("\"\"", "empty")]
    [InlineData("\"  \"", "blank")]
    [InlineData("{}", "an object")]
    [InlineData("false", "true or false")]
    [InlineData("\"a\\u0000b\"", "NUL")]
    [InlineData("\"a\\ud800b\"", "lone surrogate")]
    [InlineData("\"a\\udc00\\ud800b\"", "lone surrogate")]
    public void A_row_without_a_usable_id_is_rejected(string? json, string found)
    {
        var rejected = Samples.Rejection(("id", json));
        Assert.Equal(RowRejection.IdMissing, rejected.Reason);
        Assert.Contains(found, rejected.Detail);
        Assert.Null(rejected.ExternalId);
    }

    [Fact]
    public void An_id_has_at_most_512_characters()
    {
        var id = new string('x', 512);
        Assert.Equal(id, Samples.Row(("id", $"\"{id}\"")).ExternalId);
        Assert.Equal(RowRejection.IdMissing, Samples.Rejection(("id", $"\"{id}x\"")).Reason);
    }

    [Fact]
    public void An_account_is_named_by_either_id_and_a_uuid_is_lower_case()
    {
        Assert.Equal(
            new AccountReference("6af4be01-a492-4f4b-93c9-da6dd1f93149", null, "Everyday"),
            Samples.Row(("account_id", "\"6AF4BE01-A492-4F4B-93C9-DA6DD1F93149\"")).Account);
        Assert.Equal(
            new AccountReference("acc_Abc", null, "Everyday"),
            Samples.Row(("account_id", "\"acc_Abc\"")).Account);
        Assert.Equal(
            new AccountReference(null, "acct_1", "Everyday"),
            Samples.Row(("account_id", "null"), ("account_public_id", "\"acct_1\"")).Account);
        Assert.Equal(
            new AccountReference(null, "acct_1", "Everyday"),
            Samples.Row(("account_id", "\"\\u0000\""), ("account_public_id", "\"acct_1\"")).Account);
    }

    [Fact]
    public void A_row_without_an_account_is_rejected()
    {
        var rejected = Samples.Rejection(("account_id", null), ("account_public_id", "\"\""));
        Assert.Equal(RowRejection.AccountMissing, rejected.Reason);
        Assert.Equal("account_id is missing and account_public_id is empty; one of them is needed", rejected.Detail);
        Assert.Equal("bank_tx_1", rejected.ExternalId);
    }

    [Fact]
    public void The_older_name_of_the_account_serves_where_the_newer_is_missing()
    {
        Assert.Equal("Old", Samples.Row(("account_name", null), ("account", "\"Old\"")).Account.Name);
        Assert.Equal("Old", Samples.Row(("account_name", "\"\""), ("account", "\"Old\"")).Account.Name);
        Assert.Equal("Everyday", Samples.Row(("account", "\"Old\"")).Account.Name);
        Assert.Null(Samples.Row(("account_name", null)).Account.Name);
    }

    [Fact]
    public void Every_name_is_also_read_in_camel_case()
    {
        var delivered = Samples.ReadTransactions("""
            {"id":"1","amount":1,"status":"posted","accountId":"a","accountPublicId":"acct_1","accountName":"N","localDate":"2026-08-14",
             "transactionDate":"2026-08-13T20:00:00Z","postDate":"2026-08-15","merchantName":"M","customCategory":"C","merchantCategoryCode":"5411",
             "extendedDescription":"E","previousAttributes":{}}
            """);
        Assert.Equal(
            new TransactionRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = "1",
                Account = new AccountReference("a", "acct_1", "N"),
                Status = TransactionStatus.Posted,
                MinorUnits = 1,
                BookedOn = new DateOnly(2026, 8, 14),
                OccurredAt = new DateTimeOffset(2026, 8, 13, 20, 0, 0, TimeSpan.Zero),
                PostedOn = new DateOnly(2026, 8, 15),
                MerchantName = "M",
                CustomCategory = "C",
                MerchantCategoryCode = "5411",
                ExtendedDescription = "E",
            },
            Assert.Single(delivered.Rows));
        Assert.Empty(delivered.Delivery.Envelope!.UnknownFields);
    }

    [Theory]
    [InlineData("\"  Woolworths  \"", "Woolworths")]
    [InlineData("\"   \"", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("42", "42")]
    [InlineData("{\"name\":\"x\"}", null)]
    public void A_merchant_is_trimmed(string json, string? merchant) => Assert.Equal(merchant, Samples.Row(("merchant_name", json)).MerchantName);

    [Theory]
    [InlineData("\"\\u0000\"", "\uFFFD")]
    [InlineData("\"a\\u0000b\"", "a\uFFFDb")]
    [InlineData("\"a\\ud800b\"", "a\uFFFDb")]
    [InlineData("\"a\\udc00\"", "a\uFFFD")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    [InlineData("\"😀\"", "😀")]
    [InlineData("\"\\ude00\\ud83d\"", "\uFFFD\uFFFD")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"\\/\b\f\n\r\tA")]
    [InlineData("\"  two  spaces \"", "  two  spaces ")]
    [InlineData("\"\"", null)]
    public void A_description_is_kept_verbatim_but_for_what_postgresql_refuses(string json, string? text) =>
        Assert.Equal(text, Samples.Row(("description", json)).Description);

    [Theory]
    [InlineData("5411", "5411")]
    [InlineData("742", "0742")]
    [InlineData("\"0742\"", "0742")]
    public void A_merchant_category_code_has_its_leading_zeros(string json, string code) =>
        Assert.Equal(code, Samples.Row(("merchant_category_code", json)).MerchantCategoryCode);

    [Fact]
    public void Of_a_name_that_is_there_twice_the_last_counts() =>
        Assert.Equal(-2, Assert.Single(Samples.ReadTransactions(
            """{"id":"1","amount":-1,"amount":-2,"status":"pending","status":"posted","account_id":"a","local_date":"2026-08-14"}""").Rows).MinorUnits);

    [Fact]
    public void A_name_may_be_written_with_escapes() =>
        Assert.Equal(-7, Assert.Single(Samples.ReadTransactions(
            """{"\u0069d":"1","\u0061mount":-7,"status":"posted","account_id":"a","local_date":"2026-08-14"}""").Rows).MinorUnits);

    [Theory]
    [InlineData("\"a row\"")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_row_that_is_no_object_is_rejected_and_costs_no_other_row(string json)
    {
        var good = Samples.TransactionJson();
        var delivered = Samples.ReadTransactions($"{good},{json},{good}");

        Assert.Equal([0, 2], delivered.Rows.Select(row => row.Index));
        var rejected = Assert.Single(delivered.Rejected);
        Assert.Equal(new RejectedRow(1, RowOrigin.New, RowRejection.NotAnObject, rejected.Detail, null, json), rejected);
    }

    [Fact]
    public void A_rejected_row_is_kept_exactly_as_it_stood_and_its_detail_says_nothing_of_it()
    {
        const string row = """{ "id" : "x\u0031",  "amount":"secret figure" ,"status":"posted","account_id":"a"}""";
        var rejected = Assert.Single(Samples.ReadTransactions(row).Rejected);
        Assert.Equal(row, rejected.RawJson);
        Assert.Equal("x1", rejected.ExternalId);
        Assert.DoesNotContain("secret", rejected.Detail);
    }

    [Fact]
    public void A_row_takes_nothing_from_the_row_before_it()
    {
        var delivered = Samples.ReadTransactions($"{Samples.TransactionJson(("reference", "\"r\""))},{Samples.TransactionJson(("description", null))},{{}}");
        Assert.Equal((null, null), (delivered.Rows[1].Reference, delivered.Rows[1].Description));
        Assert.Equal(RowRejection.IdMissing, Assert.Single(delivered.Rejected).Reason);
    }

    [Fact]
    public void Rows_are_numbered_through_new_and_on_through_updated()
    {
        var good = Samples.TransactionJson();
        var delivered = Assert.IsType<TransactionsDelivered>(Samples.Read(Samples.Body("transactions.synced", $"{good},1", $"2,{good}")));
        Assert.Equal([(0, RowOrigin.New), (3, RowOrigin.Updated)], delivered.Rows.Select(row => (row.Index, row.Origin)));
        Assert.Equal([(1, RowOrigin.New), (2, RowOrigin.Updated)], delivered.Rejected.Select(row => (row.Index, row.Origin)));
    }
}

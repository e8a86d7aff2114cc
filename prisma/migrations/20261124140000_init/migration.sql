-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('AUTHORIZING', 'AUTHORIZED', 'AUTHORIZATION_EXPIRED', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLING', 'SETTLEMENT_PENDING', 'SETTLEMENT_CONFIRMED', 'SETTLED', 'SETTLEMENT_DECLINED', 'PROCESSOR_DECLINED', 'GATEWAY_REJECTED', 'FAILED', 'VOIDED');

-- CreateEnum
CREATE TYPE "PaymentSource" AS ENUM ('API', 'CONTROL_PANEL', 'PAYMENT_READER', 'RECURRING', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "AttemptKind" AS ENUM ('AUTHORIZE', 'CHARGE', 'CAPTURE', 'VOID', 'REFUND', 'VAULT');

-- CreateEnum
CREATE TYPE "AttemptState" AS ENUM ('OPEN', 'SUCCEEDED', 'DECLINED', 'FAILED');

-- CreateEnum
CREATE TYPE "IdempotencyState" AS ENUM ('RUNNING', 'DONE');

-- CreateEnum
CREATE TYPE "DataKeyPurpose" AS ENUM ('ENCRYPTION', 'INDEX');

-- CreateEnum
CREATE TYPE "DataKeyState" AS ENUM ('PENDING', 'ACTIVE', 'RETIRED', 'DISABLED', 'DESTROYED');

-- CreateEnum
CREATE TYPE "AuditKind" AS ENUM ('FIELDS_OPENED', 'ACCESS_REFUSED', 'MONEY_INTENDED', 'MONEY_MOVED', 'KEY_OPERATION', 'CUSTOMER_CHANGED', 'PAYMENT_METHOD_CHANGED', 'AUDIT_READ', 'CARD_NUMBER_REFUSED', 'AUTHENTICATION_FAILED');

-- CreateTable
CREATE TABLE "Customer" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),
    "company" TEXT,
    "email" TEXT,
    "emailIndex" TEXT,
    "firstName" TEXT,
    "lastName" TEXT,
    "lastNameIndex" TEXT,
    "phoneNumber" TEXT,
    "phoneNumberIndex" TEXT,
    "defaultPaymentMethodId" UUID,

    CONSTRAINT "Customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CustomerGatewayToken" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),
    "customerId" UUID NOT NULL,
    "gateway" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "tokenIndex" TEXT NOT NULL,
    "brandCode" TEXT NOT NULL,
    "last4" CHAR(4) NOT NULL,
    "bin" VARCHAR(8) NOT NULL,
    "expirationMonth" INTEGER NOT NULL,
    "expirationYear" INTEGER NOT NULL,
    "uniqueNumberIdentifier" TEXT NOT NULL,
    "cardholderName" TEXT,
    "billingAddress" TEXT,

    CONSTRAINT "CustomerGatewayToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PaymentToken" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "gateway" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "tokenIndex" TEXT NOT NULL,
    "consumedBy" UUID NOT NULL,

    CONSTRAINT "PaymentToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Transaction" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "status" "PaymentStatus" NOT NULL,
    "source" "PaymentSource" NOT NULL DEFAULT 'API',
    "currencyCode" CHAR(3) NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "authorizedMinor" BIGINT NOT NULL DEFAULT 0,
    "capturedMinor" BIGINT NOT NULL DEFAULT 0,
    "refundedMinor" BIGINT NOT NULL DEFAULT 0,
    "orderId" TEXT,
    "customerId" UUID,
    "paymentMethodId" UUID,
    "gateway" TEXT NOT NULL,
    "gatewayReference" TEXT,
    "brandCode" TEXT,
    "last4" CHAR(4),
    "bin" VARCHAR(8),
    "expirationMonth" INTEGER,
    "expirationYear" INTEGER,
    "uniqueNumberIdentifier" TEXT,
    "cardholderName" TEXT,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "Transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Refund" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "status" "PaymentStatus" NOT NULL,
    "source" "PaymentSource" NOT NULL DEFAULT 'API',
    "transactionId" UUID NOT NULL,
    "currencyCode" CHAR(3) NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "orderId" TEXT,
    "reason" TEXT,
    "gateway" TEXT NOT NULL,
    "gatewayReference" TEXT,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "Refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PaymentStatusEvent" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "transactionId" UUID,
    "refundId" UUID,
    "status" "PaymentStatus" NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currencyCode" CHAR(3) NOT NULL,
    "source" "PaymentSource" NOT NULL DEFAULT 'API',
    "terminal" BOOLEAN NOT NULL,
    "responseCode" TEXT,
    "responseMessage" TEXT,
    "declineType" TEXT,

    CONSTRAINT "PaymentStatusEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GatewayAttempt" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "kind" "AttemptKind" NOT NULL,
    "state" "AttemptState" NOT NULL DEFAULT 'OPEN',
    "gateway" TEXT NOT NULL,
    "transactionId" UUID,
    "refundId" UUID,
    "paymentMethodId" UUID,
    "customerId" UUID,
    "amountMinor" BIGINT,
    "currencyCode" CHAR(3),
    "responseCode" TEXT,

    CONSTRAINT "GatewayAttempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IdempotencyRecord" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "principalId" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "keyDigest" TEXT NOT NULL,
    "inputDigest" TEXT NOT NULL,
    "state" "IdempotencyState" NOT NULL DEFAULT 'RUNNING',
    "lockedUntil" TIMESTAMPTZ(3) NOT NULL,
    "resultType" TEXT,
    "resultId" UUID,

    CONSTRAINT "IdempotencyRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DataKey" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "keyring" TEXT NOT NULL,
    "purpose" "DataKeyPurpose" NOT NULL,
    "state" "DataKeyState" NOT NULL DEFAULT 'ACTIVE',
    "provider" TEXT NOT NULL,
    "keyReference" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "useCount" BIGINT NOT NULL DEFAULT 0,
    "activatedAt" TIMESTAMPTZ(3),
    "retiredAt" TIMESTAMPTZ(3),
    "destroyedAt" TIMESTAMPTZ(3),

    CONSTRAINT "DataKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" "AuditKind" NOT NULL,
    "requestId" TEXT,
    "actorId" TEXT NOT NULL,
    "actorRoles" TEXT[],
    "operationName" TEXT,
    "reason" TEXT,
    "outcome" TEXT NOT NULL,
    "details" JSONB NOT NULL,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditRecord" (
    "eventId" UUID NOT NULL,
    "typeName" TEXT NOT NULL,
    "recordId" UUID NOT NULL,

    CONSTRAINT "AuditRecord_pkey" PRIMARY KEY ("eventId","typeName","recordId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Customer_defaultPaymentMethodId_key" ON "Customer"("defaultPaymentMethodId");

-- CreateIndex
CREATE INDEX "Customer_emailIndex_idx" ON "Customer"("emailIndex");

-- CreateIndex
CREATE INDEX "Customer_lastNameIndex_idx" ON "Customer"("lastNameIndex");

-- CreateIndex
CREATE INDEX "Customer_phoneNumberIndex_idx" ON "Customer"("phoneNumberIndex");

-- CreateIndex
CREATE UNIQUE INDEX "CustomerGatewayToken_tokenIndex_key" ON "CustomerGatewayToken"("tokenIndex");

-- CreateIndex
CREATE INDEX "CustomerGatewayToken_customerId_id_idx" ON "CustomerGatewayToken"("customerId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentToken_tokenIndex_key" ON "PaymentToken"("tokenIndex");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentToken_consumedBy_key" ON "PaymentToken"("consumedBy");

-- CreateIndex
CREATE UNIQUE INDEX "Transaction_gatewayReference_key" ON "Transaction"("gatewayReference");

-- CreateIndex
CREATE INDEX "Transaction_customerId_id_idx" ON "Transaction"("customerId", "id");

-- CreateIndex
CREATE INDEX "Transaction_status_id_idx" ON "Transaction"("status", "id");

-- CreateIndex
CREATE INDEX "Transaction_orderId_idx" ON "Transaction"("orderId");

-- CreateIndex
CREATE UNIQUE INDEX "Refund_gatewayReference_key" ON "Refund"("gatewayReference");

-- CreateIndex
CREATE INDEX "Refund_transactionId_id_idx" ON "Refund"("transactionId", "id");

-- CreateIndex
CREATE INDEX "Refund_status_id_idx" ON "Refund"("status", "id");

-- CreateIndex
CREATE INDEX "PaymentStatusEvent_transactionId_id_idx" ON "PaymentStatusEvent"("transactionId", "id");

-- CreateIndex
CREATE INDEX "PaymentStatusEvent_refundId_id_idx" ON "PaymentStatusEvent"("refundId", "id");

-- CreateIndex
CREATE INDEX "GatewayAttempt_state_createdAt_idx" ON "GatewayAttempt"("state", "createdAt");

-- CreateIndex
CREATE INDEX "GatewayAttempt_transactionId_idx" ON "GatewayAttempt"("transactionId");

-- CreateIndex
CREATE INDEX "IdempotencyRecord_expiresAt_idx" ON "IdempotencyRecord"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "IdempotencyRecord_principalId_mutation_keyDigest_key" ON "IdempotencyRecord"("principalId", "mutation", "keyDigest");

-- CreateIndex
CREATE INDEX "DataKey_keyring_purpose_state_idx" ON "DataKey"("keyring", "purpose", "state");

-- CreateIndex
CREATE INDEX "AuditEvent_actorId_id_idx" ON "AuditEvent"("actorId", "id");

-- CreateIndex
CREATE INDEX "AuditEvent_kind_id_idx" ON "AuditEvent"("kind", "id");

-- CreateIndex
CREATE INDEX "AuditRecord_recordId_eventId_idx" ON "AuditRecord"("recordId", "eventId");

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_defaultPaymentMethodId_fkey" FOREIGN KEY ("defaultPaymentMethodId") REFERENCES "CustomerGatewayToken"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerGatewayToken" ADD CONSTRAINT "CustomerGatewayToken_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Transaction" ADD CONSTRAINT "Transaction_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Transaction" ADD CONSTRAINT "Transaction_paymentMethodId_fkey" FOREIGN KEY ("paymentMethodId") REFERENCES "CustomerGatewayToken"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Refund" ADD CONSTRAINT "Refund_transactionId_fkey" FOREIGN KEY ("transactionId") REFERENCES "Transaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PaymentStatusEvent" ADD CONSTRAINT "PaymentStatusEvent_transactionId_fkey" FOREIGN KEY ("transactionId") REFERENCES "Transaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PaymentStatusEvent" ADD CONSTRAINT "PaymentStatusEvent_refundId_fkey" FOREIGN KEY ("refundId") REFERENCES "Refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GatewayAttempt" ADD CONSTRAINT "GatewayAttempt_transactionId_fkey" FOREIGN KEY ("transactionId") REFERENCES "Transaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GatewayAttempt" ADD CONSTRAINT "GatewayAttempt_refundId_fkey" FOREIGN KEY ("refundId") REFERENCES "Refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuditRecord" ADD CONSTRAINT "AuditRecord_eventId_fkey" FOREIGN KEY ("eventId") REFERENCES "AuditEvent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- From here on by hand: what Prisma's schema language cannot say. Money, statuses and sealing hold here even
-- when the application is wrong, and against raw SQL.

-- A sealed column holds s1.<key id>.<nonce, ciphertext and tag>, its blind index b1.<key id>.<HMAC-SHA-256>;
-- 38 characters are the nonce and tag of an empty value.
ALTER TABLE "Customer"
    ADD CONSTRAINT "Customer_email_sealed" CHECK ("email" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "Customer_firstName_sealed" CHECK ("firstName" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "Customer_lastName_sealed" CHECK ("lastName" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "Customer_phoneNumber_sealed" CHECK ("phoneNumber" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "Customer_emailIndex_indexed" CHECK ("emailIndex" ~ '^b1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$'),
    ADD CONSTRAINT "Customer_lastNameIndex_indexed" CHECK ("lastNameIndex" ~ '^b1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$'),
    ADD CONSTRAINT "Customer_phoneNumberIndex_indexed" CHECK ("phoneNumberIndex" ~ '^b1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$');

ALTER TABLE "CustomerGatewayToken"
    ADD CONSTRAINT "CustomerGatewayToken_token_sealed" CHECK ("token" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "CustomerGatewayToken_cardholderName_sealed" CHECK ("cardholderName" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "CustomerGatewayToken_billingAddress_sealed" CHECK ("billingAddress" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "CustomerGatewayToken_tokenIndex_indexed" CHECK ("tokenIndex" ~ '^b1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$');

ALTER TABLE "PaymentToken"
    ADD CONSTRAINT "PaymentToken_token_sealed" CHECK ("token" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$'),
    ADD CONSTRAINT "PaymentToken_tokenIndex_indexed" CHECK ("tokenIndex" ~ '^b1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$');

ALTER TABLE "Transaction"
    ADD CONSTRAINT "Transaction_cardholderName_sealed" CHECK ("cardholderName" ~ '^s1\.[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{38,}$');

-- Money: nothing is captured that was not authorised, and nothing refunded that was not captured.
-- "refundedMinor" counts pending and successful refunds.
ALTER TABLE "Transaction"
    ADD CONSTRAINT "Transaction_amountMinor_positive" CHECK ("amountMinor" > 0),
    ADD CONSTRAINT "Transaction_authorizedMinor_range" CHECK ("authorizedMinor" BETWEEN 0 AND "amountMinor"),
    ADD CONSTRAINT "Transaction_capturedMinor_range" CHECK ("capturedMinor" BETWEEN 0 AND "authorizedMinor"),
    ADD CONSTRAINT "Transaction_refundedMinor_range" CHECK ("refundedMinor" BETWEEN 0 AND "capturedMinor"),
    ADD CONSTRAINT "Transaction_currencyCode_shape" CHECK ("currencyCode" ~ '^[A-Z]{3}$');

ALTER TABLE "Refund"
    ADD CONSTRAINT "Refund_amountMinor_positive" CHECK ("amountMinor" > 0),
    ADD CONSTRAINT "Refund_currencyCode_shape" CHECK ("currencyCode" ~ '^[A-Z]{3}$');

ALTER TABLE "PaymentStatusEvent"
    ADD CONSTRAINT "PaymentStatusEvent_one_payment" CHECK (num_nonnulls("transactionId", "refundId") = 1),
    ADD CONSTRAINT "PaymentStatusEvent_amountMinor_range" CHECK ("amountMinor" >= 0),
    ADD CONSTRAINT "PaymentStatusEvent_currencyCode_shape" CHECK ("currencyCode" ~ '^[A-Z]{3}$');

ALTER TABLE "GatewayAttempt"
    ADD CONSTRAINT "GatewayAttempt_amountMinor_range" CHECK ("amountMinor" >= 0),
    ADD CONSTRAINT "GatewayAttempt_currencyCode_shape" CHECK ("currencyCode" ~ '^[A-Z]{3}$');

-- What PCI DSS 3.4.1 lets one show of a card number, and not a digit more.
ALTER TABLE "CustomerGatewayToken"
    ADD CONSTRAINT "CustomerGatewayToken_last4_shape" CHECK ("last4" ~ '^[0-9]{4}$'),
    ADD CONSTRAINT "CustomerGatewayToken_bin_shape" CHECK ("bin" ~ '^[0-9]{6,8}$'),
    ADD CONSTRAINT "CustomerGatewayToken_expirationMonth_range" CHECK ("expirationMonth" BETWEEN 1 AND 12),
    ADD CONSTRAINT "CustomerGatewayToken_expirationYear_range" CHECK ("expirationYear" BETWEEN 2000 AND 2199);

ALTER TABLE "Transaction"
    ADD CONSTRAINT "Transaction_last4_shape" CHECK ("last4" ~ '^[0-9]{4}$'),
    ADD CONSTRAINT "Transaction_bin_shape" CHECK ("bin" ~ '^[0-9]{6,8}$'),
    ADD CONSTRAINT "Transaction_expirationMonth_range" CHECK ("expirationMonth" BETWEEN 1 AND 12),
    ADD CONSTRAINT "Transaction_expirationYear_range" CHECK ("expirationYear" BETWEEN 2000 AND 2199);

-- One active data key a keyring and purpose: two processes that make the first one meet here.
CREATE UNIQUE INDEX "DataKey_keyring_purpose_active" ON "DataKey" ("keyring", "purpose") WHERE "state" = 'ACTIVE';

-- The status machine. The application has the same table; a test compares the two through this function.
CREATE FUNCTION "public"."sealpay_allowed_transitions"()
    RETURNS TABLE (kind TEXT, from_status "PaymentStatus", to_status "PaymentStatus")
    LANGUAGE SQL IMMUTABLE
    AS $$
    VALUES
        ('Transaction', 'AUTHORIZING'::"public"."PaymentStatus", 'AUTHORIZED'::"public"."PaymentStatus"),
        ('Transaction', 'AUTHORIZING', 'SUBMITTED_FOR_SETTLEMENT'),
        ('Transaction', 'AUTHORIZING', 'PROCESSOR_DECLINED'),
        ('Transaction', 'AUTHORIZING', 'GATEWAY_REJECTED'),
        ('Transaction', 'AUTHORIZING', 'FAILED'),
        ('Transaction', 'AUTHORIZED', 'SUBMITTED_FOR_SETTLEMENT'),
        ('Transaction', 'AUTHORIZED', 'VOIDED'),
        ('Transaction', 'AUTHORIZED', 'AUTHORIZATION_EXPIRED'),
        ('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLING'),
        ('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLEMENT_PENDING'),
        ('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLED'),
        ('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLEMENT_DECLINED'),
        ('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'VOIDED'),
        ('Transaction', 'SETTLING', 'SETTLED'),
        ('Transaction', 'SETTLING', 'SETTLEMENT_PENDING'),
        ('Transaction', 'SETTLING', 'SETTLEMENT_DECLINED'),
        ('Transaction', 'SETTLEMENT_PENDING', 'SETTLEMENT_CONFIRMED'),
        ('Transaction', 'SETTLEMENT_PENDING', 'SETTLED'),
        ('Transaction', 'SETTLEMENT_PENDING', 'SETTLEMENT_DECLINED'),
        ('Transaction', 'SETTLEMENT_CONFIRMED', 'SETTLED'),
        ('Refund', 'AUTHORIZING', 'SUBMITTED_FOR_SETTLEMENT'),
        ('Refund', 'AUTHORIZING', 'PROCESSOR_DECLINED'),
        ('Refund', 'AUTHORIZING', 'GATEWAY_REJECTED'),
        ('Refund', 'AUTHORIZING', 'FAILED'),
        ('Refund', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLING'),
        ('Refund', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLED'),
        ('Refund', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLEMENT_DECLINED'),
        ('Refund', 'SETTLING', 'SETTLED'),
        ('Refund', 'SETTLING', 'SETTLEMENT_DECLINED')
    $$;

CREATE FUNCTION "public"."sealpay_refuse_transition"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM "public"."sealpay_allowed_transitions"()
        WHERE kind = TG_TABLE_NAME AND from_status = OLD."status" AND to_status = NEW."status"
    ) THEN
        RAISE EXCEPTION '% does not go from % to %', TG_TABLE_NAME, OLD."status", NEW."status"
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION "public"."sealpay_refuse_first_status"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% begins as AUTHORIZING, not as %', TG_TABLE_NAME, NEW."status"
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER "Transaction_status_first" BEFORE INSERT ON "Transaction"
    FOR EACH ROW WHEN (NEW."status" <> 'AUTHORIZING') EXECUTE FUNCTION "public"."sealpay_refuse_first_status"();
CREATE TRIGGER "Refund_status_first" BEFORE INSERT ON "Refund"
    FOR EACH ROW WHEN (NEW."status" <> 'AUTHORIZING') EXECUTE FUNCTION "public"."sealpay_refuse_first_status"();
CREATE TRIGGER "Transaction_status_transition" BEFORE UPDATE ON "Transaction"
    FOR EACH ROW WHEN (NEW."status" <> OLD."status") EXECUTE FUNCTION "public"."sealpay_refuse_transition"();
CREATE TRIGGER "Refund_status_transition" BEFORE UPDATE ON "Refund"
    FOR EACH ROW WHEN (NEW."status" <> OLD."status") EXECUTE FUNCTION "public"."sealpay_refuse_transition"();

-- A refund is in the currency of what it gives back.
CREATE FUNCTION "public"."sealpay_refuse_other_currency"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM "public"."Transaction" t
        WHERE t."id" = NEW."transactionId" AND t."currencyCode" <> NEW."currencyCode"
    ) THEN
        RAISE EXCEPTION 'a refund has the currency of its transaction'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "Refund_currencyCode_same" BEFORE INSERT ON "Refund"
    FOR EACH ROW EXECUTE FUNCTION "public"."sealpay_refuse_other_currency"();

-- What identifies a row, and what it promised, stays as it was written.
CREATE FUNCTION "public"."sealpay_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% has columns that never change', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER "Transaction_immutable" BEFORE UPDATE ON "Transaction"
    FOR EACH ROW WHEN (
        (NEW."id", NEW."createdAt", NEW."amountMinor", NEW."currencyCode", NEW."customerId",
         NEW."source", NEW."gateway", NEW."createdBy")
        IS DISTINCT FROM
        (OLD."id", OLD."createdAt", OLD."amountMinor", OLD."currencyCode", OLD."customerId",
         OLD."source", OLD."gateway", OLD."createdBy")
        OR (OLD."gatewayReference" IS NOT NULL AND NEW."gatewayReference" IS DISTINCT FROM OLD."gatewayReference")
    ) EXECUTE FUNCTION "public"."sealpay_refuse_change"();
CREATE TRIGGER "Refund_immutable" BEFORE UPDATE ON "Refund"
    FOR EACH ROW WHEN (
        (NEW."id", NEW."createdAt", NEW."transactionId", NEW."amountMinor", NEW."currencyCode",
         NEW."source", NEW."gateway", NEW."createdBy")
        IS DISTINCT FROM
        (OLD."id", OLD."createdAt", OLD."transactionId", OLD."amountMinor", OLD."currencyCode",
         OLD."source", OLD."gateway", OLD."createdBy")
        OR (OLD."gatewayReference" IS NOT NULL AND NEW."gatewayReference" IS DISTINCT FROM OLD."gatewayReference")
    ) EXECUTE FUNCTION "public"."sealpay_refuse_change"();
CREATE TRIGGER "DataKey_immutable" BEFORE UPDATE ON "DataKey"
    FOR EACH ROW WHEN (
        (NEW."id", NEW."createdAt", NEW."keyring", NEW."purpose")
        IS DISTINCT FROM (OLD."id", OLD."createdAt", OLD."keyring", OLD."purpose")
    ) EXECUTE FUNCTION "public"."sealpay_refuse_change"();

-- History and audit take inserts only, from the owner too: it would have to alter the table first. A lost data
-- key would make every value that it sealed unreadable, so that a key is destroyed by its state, never by DELETE.
CREATE FUNCTION "public"."sealpay_refuse_statement"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refuses %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER "PaymentStatusEvent_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "PaymentStatusEvent"
    FOR EACH STATEMENT EXECUTE FUNCTION "public"."sealpay_refuse_statement"();
ALTER TABLE "PaymentStatusEvent" ENABLE ALWAYS TRIGGER "PaymentStatusEvent_append_only";
CREATE TRIGGER "AuditEvent_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEvent"
    FOR EACH STATEMENT EXECUTE FUNCTION "public"."sealpay_refuse_statement"();
ALTER TABLE "AuditEvent" ENABLE ALWAYS TRIGGER "AuditEvent_append_only";
CREATE TRIGGER "AuditRecord_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditRecord"
    FOR EACH STATEMENT EXECUTE FUNCTION "public"."sealpay_refuse_statement"();
ALTER TABLE "AuditRecord" ENABLE ALWAYS TRIGGER "AuditRecord_append_only";
CREATE TRIGGER "DataKey_kept" BEFORE DELETE OR TRUNCATE ON "DataKey"
    FOR EACH STATEMENT EXECUTE FUNCTION "public"."sealpay_refuse_statement"();
ALTER TABLE "DataKey" ENABLE ALWAYS TRIGGER "DataKey_kept";

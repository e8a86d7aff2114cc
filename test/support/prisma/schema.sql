-- The tables of schema.prisma; the CHECK constraints come from sealedChecks.
CREATE TABLE "Person" (
  "id" uuid PRIMARY KEY,
  "name" text,
  "details" jsonb,
  "text" text,
  "textIndex" text,
  "email" text,
  "emailIndex" text UNIQUE,
  "json" text,
  "bytes" text,
  "bytesIndex" text,
  "int" text,
  "intIndex" text,
  "bigInt" text,
  "bigIntIndex" text,
  "decimal" text,
  "decimalIndex" text,
  "dateTime" text,
  "dateTimeIndex" text,
  "boolean" text,
  "colour" text,
  "mentorId" uuid REFERENCES "Person" ("id")
);

CREATE TABLE "Passport" (
  "id" uuid PRIMARY KEY,
  "number" text NOT NULL,
  "numberIndex" text NOT NULL UNIQUE,
  "country" text NOT NULL,
  "holderId" uuid NOT NULL UNIQUE REFERENCES "Person" ("id") ON DELETE CASCADE,
  UNIQUE ("country", "numberIndex")
);

CREATE TABLE "Box" ("id" uuid PRIMARY KEY, "label" text NOT NULL);

CREATE TABLE "Letter" (
  "id" text PRIMARY KEY,
  "body" text,
  "subject" text,
  "personId" uuid REFERENCES "Person" ("id"),
  "boxId" uuid REFERENCES "Box" ("id")
);

CREATE TABLE "clubs" ("club_id" uuid PRIMARY KEY, "title" text NOT NULL, "motto_text" text);

CREATE TABLE "_ClubToPerson" (
  "A" uuid NOT NULL REFERENCES "clubs" ("club_id") ON DELETE CASCADE,
  "B" uuid NOT NULL REFERENCES "Person" ("id") ON DELETE CASCADE,
  PRIMARY KEY ("A", "B")
);

CREATE TABLE "Counter" ("id" serial PRIMARY KEY, "value" integer NOT NULL);

CREATE TABLE "kernel_outbox" (
    "id" TEXT NOT NULL CONSTRAINT "PK_kernel_outbox" PRIMARY KEY,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "account" INTEGER NOT NULL,
    "person" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "payload" BLOB NOT NULL
);


CREATE TABLE "kernel_services" (
    "account" INTEGER NOT NULL,
    "service" TEXT NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "terminated_at" INTEGER NULL,
    CONSTRAINT "PK_kernel_services" PRIMARY KEY ("account", "service")
);


CREATE INDEX "IX_kernel_services_terminated_at" ON "kernel_services" ("terminated_at");

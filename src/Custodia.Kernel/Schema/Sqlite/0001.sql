CREATE TABLE "kernel_deletion_requests" (
    "id" TEXT NOT NULL CONSTRAINT "PK_kernel_deletion_requests" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "person" TEXT NOT NULL,
    "standing" TEXT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" INTEGER NOT NULL,
    "execute_after" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "done_at" INTEGER NULL,
    "evidence_file" TEXT NULL,
    "warned" TEXT NOT NULL
);


CREATE TABLE "kernel_event_deliveries" (
    "event" TEXT NOT NULL,
    "subscriber" TEXT NOT NULL,
    CONSTRAINT "PK_kernel_event_deliveries" PRIMARY KEY ("event", "subscriber")
);


CREATE TABLE "kernel_message_counts" (
    "account" INTEGER NOT NULL,
    "month" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "PK_kernel_message_counts" PRIMARY KEY ("account", "month", "channel")
);


CREATE TABLE "kernel_outbox" (
    "sequence" INTEGER NOT NULL CONSTRAINT "PK_kernel_outbox" PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "account" INTEGER NOT NULL,
    "person" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "payload" BLOB NOT NULL,
    "tries" INTEGER NOT NULL,
    "next_try_at" INTEGER NULL
);


CREATE TABLE "kernel_outgoing_messages" (
    "id" TEXT NOT NULL CONSTRAINT "PK_kernel_outgoing_messages" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "person" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" BLOB NOT NULL,
    "subject" BLOB NULL,
    "text" BLOB NOT NULL,
    "html" BLOB NULL,
    "origin" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "tries" INTEGER NOT NULL,
    "next_try_at" INTEGER NULL,
    "counted" INTEGER NOT NULL
);


CREATE TABLE "kernel_services" (
    "account" INTEGER NOT NULL,
    "service" TEXT NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "terminated_at" INTEGER NULL,
    CONSTRAINT "PK_kernel_services" PRIMARY KEY ("account", "service")
);


CREATE TABLE "kernel_erasure_steps" (
    "request_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "report" TEXT NOT NULL,
    CONSTRAINT "PK_kernel_erasure_steps" PRIMARY KEY ("request_id", "step"),
    CONSTRAINT "FK_kernel_erasure_steps_kernel_deletion_requests_request_id" FOREIGN KEY ("request_id") REFERENCES "kernel_deletion_requests" ("id") ON DELETE CASCADE
);


CREATE INDEX "IX_kernel_deletion_requests_account_requested_at" ON "kernel_deletion_requests" ("account", "requested_at");


CREATE UNIQUE INDEX "IX_kernel_deletion_requests_standing" ON "kernel_deletion_requests" ("standing");


CREATE INDEX "IX_kernel_deletion_requests_state_execute_after" ON "kernel_deletion_requests" ("state", "execute_after");


CREATE INDEX "IX_kernel_outbox_account_person" ON "kernel_outbox" ("account", "person");


CREATE UNIQUE INDEX "IX_kernel_outbox_id" ON "kernel_outbox" ("id");


CREATE INDEX "IX_kernel_outbox_next_try_at" ON "kernel_outbox" ("next_try_at");


CREATE INDEX "IX_kernel_outgoing_messages_account_person" ON "kernel_outgoing_messages" ("account", "person");


CREATE INDEX "IX_kernel_outgoing_messages_channel_next_try_at" ON "kernel_outgoing_messages" ("channel", "next_try_at");


CREATE INDEX "IX_kernel_outgoing_messages_counted_account" ON "kernel_outgoing_messages" ("counted", "account");


CREATE INDEX "IX_kernel_outgoing_messages_created_at" ON "kernel_outgoing_messages" ("created_at");


CREATE INDEX "IX_kernel_services_terminated_at" ON "kernel_services" ("terminated_at");

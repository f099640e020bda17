CREATE TABLE "identity_accounts" (
    "uin" INTEGER NOT NULL CONSTRAINT "PK_identity_accounts" PRIMARY KEY,
    "app_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "identity_country_figures" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "users" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_country_figures" PRIMARY KEY ("account", "directory_id", "country")
);


CREATE TABLE "identity_daily_figures" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "sign_ins" INTEGER NOT NULL,
    "registrations" INTEGER NOT NULL,
    "growth" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_daily_figures" PRIMARY KEY ("account", "directory_id", "day")
);


CREATE TABLE "identity_directories" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_directories" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_zh" TEXT NOT NULL,
    "sign_up" TEXT NOT NULL,
    "mandatory_fields" TEXT NOT NULL,
    "brand_colour" TEXT NULL,
    "brand_logo" TEXT NULL,
    "grace_days" INTEGER NOT NULL,
    "dormant_days" INTEGER NULL,
    "user_limit" INTEGER NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "identity_directory_figures" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "users" INTEGER NOT NULL,
    "applications" INTEGER NOT NULL,
    "sms_used" INTEGER NOT NULL,
    "mails_used" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_directory_figures" PRIMARY KEY ("account", "directory_id")
);


CREATE TABLE "identity_monthly_figures" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "month" INTEGER NOT NULL,
    "monthly_active_users" INTEGER NOT NULL,
    "usage_status" TEXT NOT NULL,
    CONSTRAINT "PK_identity_monthly_figures" PRIMARY KEY ("account", "directory_id", "month")
);


CREATE TABLE "identity_one_time_codes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_one_time_codes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "code_hash" BLOB NOT NULL,
    "target" BLOB NULL,
    "tries_left" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);


CREATE TABLE "identity_pending_sign_ups" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_pending_sign_ups" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "form" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "identity_sessions" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_sessions" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "secret_hash" BLOB NOT NULL,
    "security_stamp" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL,
    "auth_time" INTEGER NOT NULL,
    "amr" TEXT NOT NULL,
    "acr" TEXT NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "device" BLOB NULL,
    "client_ip" BLOB NULL,
    "ended_at" INTEGER NULL
);


CREATE TABLE "identity_sub_accounts" (
    "uin" INTEGER NOT NULL CONSTRAINT "PK_identity_sub_accounts" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "roles" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "identity_users" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_users" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "user_name" BLOB NULL,
    "user_name_index" BLOB NULL,
    "email" BLOB NULL,
    "email_index" BLOB NULL,
    "email_verified" INTEGER NOT NULL,
    "mobile" BLOB NULL,
    "mobile_index" BLOB NULL,
    "display_name" BLOB NULL,
    "birth_date" BLOB NULL,
    "gender" BLOB NULL,
    "locale" BLOB NULL,
    "custom_attributes" BLOB NULL,
    "credentials" BLOB NULL,
    "status" TEXT NOT NULL,
    "status_reason" BLOB NULL,
    "security_stamp" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "last_sign_in_at" INTEGER NULL,
    "last_active_month" INTEGER NOT NULL,
    "country" TEXT NULL
);


CREATE UNIQUE INDEX "IX_identity_accounts_app_id" ON "identity_accounts" ("app_id");


CREATE INDEX "IX_identity_directories_account_id" ON "identity_directories" ("account", "id");


CREATE UNIQUE INDEX "IX_identity_directories_name" ON "identity_directories" ("name");


CREATE INDEX "IX_identity_one_time_codes_created_at" ON "identity_one_time_codes" ("created_at");


CREATE INDEX "IX_identity_one_time_codes_user_id" ON "identity_one_time_codes" ("user_id");


CREATE INDEX "IX_identity_pending_sign_ups_created_at" ON "identity_pending_sign_ups" ("created_at");


CREATE INDEX "IX_identity_sessions_expires_at" ON "identity_sessions" ("expires_at");


CREATE UNIQUE INDEX "IX_identity_sessions_secret_hash" ON "identity_sessions" ("secret_hash");


CREATE INDEX "IX_identity_sessions_user_id_ended_at" ON "identity_sessions" ("user_id", "ended_at");


CREATE INDEX "IX_identity_sub_accounts_account_uin" ON "identity_sub_accounts" ("account", "uin");


CREATE UNIQUE INDEX "IX_identity_sub_accounts_user_id" ON "identity_sub_accounts" ("user_id");


CREATE INDEX "IX_identity_users_account_id" ON "identity_users" ("account", "id");


CREATE INDEX "IX_identity_users_directory_id_created_at" ON "identity_users" ("directory_id", "created_at");


CREATE UNIQUE INDEX "IX_identity_users_directory_id_email_index" ON "identity_users" ("directory_id", "email_index");


CREATE INDEX "IX_identity_users_directory_id_last_sign_in_at" ON "identity_users" ("directory_id", "last_sign_in_at");


CREATE INDEX "IX_identity_users_directory_id_mobile_index" ON "identity_users" ("directory_id", "mobile_index");


CREATE UNIQUE INDEX "IX_identity_users_directory_id_user_name_index" ON "identity_users" ("directory_id", "user_name_index");

CREATE TABLE "identity_acceptances" (
    "user_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "text_hash" BLOB NOT NULL,
    "accepted_at" INTEGER NOT NULL,
    "withdrawn_at" INTEGER NULL,
    CONSTRAINT "PK_identity_acceptances" PRIMARY KEY ("user_id", "agreement_id")
);
CREATE INDEX "IX_identity_acceptances_agreement_id" ON "identity_acceptances" ("agreement_id");
CREATE TABLE "identity_access_tokens" (
    "token_hash" BLOB NOT NULL CONSTRAINT "PK_identity_access_tokens" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "grant_id" TEXT NULL,
    "user_id" TEXT NULL,
    "jti" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "dpop_key" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_access_tokens_application_id" ON "identity_access_tokens" ("application_id");
CREATE INDEX "IX_identity_access_tokens_expires_at" ON "identity_access_tokens" ("expires_at");
CREATE INDEX "IX_identity_access_tokens_user_id" ON "identity_access_tokens" ("user_id");
CREATE TABLE "identity_accounts" (
    "uin" INTEGER NOT NULL CONSTRAINT "PK_identity_accounts" PRIMARY KEY,
    "app_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_identity_accounts_app_id" ON "identity_accounts" ("app_id");
CREATE TABLE "identity_age_gates" (
    "directory_id" TEXT NOT NULL CONSTRAINT "PK_identity_age_gates" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "enabled" INTEGER NOT NULL,
    "country_source" TEXT NOT NULL,
    "other_countries" INTEGER NOT NULL,
    "ages" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE TABLE "identity_agreements" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_agreements" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_zh" TEXT NOT NULL,
    "text" TEXT NULL,
    "text_zh" TEXT NULL,
    "link" TEXT NULL,
    "mandatory" INTEGER NOT NULL,
    "valid_from" INTEGER NOT NULL,
    "text_hash" BLOB NOT NULL,
    "retired_at" INTEGER NULL,
    "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_identity_agreements_directory_id_name_version" ON "identity_agreements" ("directory_id", "name", "version");
CREATE TABLE "identity_application_secrets" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_application_secrets" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "application_id" TEXT NOT NULL,
    "secret_hash" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NULL,
    CONSTRAINT "FK_identity_application_secrets_identity_applications_application_id" FOREIGN KEY ("application_id") REFERENCES "identity_applications" ("id") ON DELETE CASCADE
);
CREATE INDEX "IX_identity_application_secrets_application_id" ON "identity_application_secrets" ("application_id");
CREATE INDEX "IX_identity_application_secrets_expires_at" ON "identity_application_secrets" ("expires_at");
CREATE TABLE "identity_application_sign_in_rules" (
    "application_id" TEXT NOT NULL CONSTRAINT "PK_identity_application_sign_in_rules" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "demands_second_factor" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_application_sign_in_rules_account" ON "identity_application_sign_in_rules" ("account");
CREATE TABLE "identity_applications" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_applications" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "enabled" INTEGER NOT NULL,
    "redirect_uris" TEXT NOT NULL,
    "post_logout_uris" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "permissions" TEXT NOT NULL,
    "resources" TEXT NOT NULL,
    "consent_required" INTEGER NOT NULL,
    "device_grant" INTEGER NOT NULL,
    "backchannel_logout_uri" TEXT NULL,
    "access_token_seconds" INTEGER NOT NULL,
    "id_token_seconds" INTEGER NOT NULL,
    "refresh_idle_days" INTEGER NOT NULL,
    "refresh_days" INTEGER NOT NULL,
    "refresh_overlap_seconds" INTEGER NOT NULL,
    "signing_algorithm" TEXT NOT NULL,
    "dpop_required" INTEGER NOT NULL,
    "pushed_requests_required" INTEGER NOT NULL,
    "authentication" TEXT NOT NULL,
    "jwks" TEXT NULL,
    "jwks_uri" TEXT NULL,
    "opaque_tokens" INTEGER NOT NULL,
    "exchange_from" TEXT NOT NULL,
    "registration_hash" BLOB NULL,
    "created_by" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_applications_account_id" ON "identity_applications" ("account", "id");
CREATE UNIQUE INDEX "IX_identity_applications_directory_id_client_id" ON "identity_applications" ("directory_id", "client_id");
CREATE TABLE "identity_attribute_definitions" (
    "directory_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "label_zh" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "minimum" TEXT NULL,
    "maximum" TEXT NULL,
    "choices" TEXT NULL,
    "asked_at_sign_up" INTEGER NOT NULL,
    "mandatory" INTEGER NOT NULL,
    "editable_by" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_attribute_definitions" PRIMARY KEY ("directory_id", "name")
);
CREATE TABLE "identity_authentication_sources" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_authentication_sources" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "enabled" INTEGER NOT NULL,
    "issuer" TEXT NOT NULL,
    "authorization_endpoint" TEXT NOT NULL,
    "token_endpoint" TEXT NOT NULL,
    "userinfo_endpoint" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "client_secret" BLOB NULL,
    "scopes" TEXT NOT NULL,
    "subject_claim" TEXT NOT NULL,
    "email_claim" TEXT NOT NULL,
    "name_claim" TEXT NOT NULL,
    "trusts_email" INTEGER NOT NULL,
    "sign_up" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_authentication_sources_account" ON "identity_authentication_sources" ("account");
CREATE UNIQUE INDEX "IX_identity_authentication_sources_directory_id_name" ON "identity_authentication_sources" ("directory_id", "name");
CREATE TABLE "identity_authorization_requests" (
    "request_hash" BLOB NOT NULL CONSTRAINT "PK_identity_authorization_requests" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "parameters" BLOB NOT NULL,
    "pushed_by" TEXT NULL,
    "consent_by" TEXT NULL
);
CREATE INDEX "IX_identity_authorization_requests_created_at" ON "identity_authorization_requests" ("created_at");
CREATE TABLE "identity_brandings" (
    "directory_id" TEXT NOT NULL CONSTRAINT "PK_identity_brandings" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "colour" TEXT NULL,
    "logo" TEXT NULL,
    "lead" TEXT NULL,
    "lead_zh" TEXT NULL,
    "support_address" TEXT NULL,
    "terms_address" TEXT NULL,
    "privacy_address" TEXT NULL,
    "custom_domain" TEXT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_identity_brandings_custom_domain" ON "identity_brandings" ("custom_domain");
CREATE TABLE "identity_consents" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_consents" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_consents_application_id" ON "identity_consents" ("application_id");
CREATE UNIQUE INDEX "IX_identity_consents_user_id_application_id" ON "identity_consents" ("user_id", "application_id");
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
CREATE TABLE "identity_device_requests" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_device_requests" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "device_code_hash" BLOB NOT NULL,
    "user_code_hash" BLOB NOT NULL,
    "scopes" TEXT NOT NULL,
    "resource" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "interval_seconds" INTEGER NOT NULL,
    "polled_at" INTEGER NULL,
    "decided_at" INTEGER NULL,
    "grant_id" TEXT NULL
);
CREATE INDEX "IX_identity_device_requests_application_id" ON "identity_device_requests" ("application_id");
CREATE INDEX "IX_identity_device_requests_created_at" ON "identity_device_requests" ("created_at");
CREATE UNIQUE INDEX "IX_identity_device_requests_device_code_hash" ON "identity_device_requests" ("device_code_hash");
CREATE UNIQUE INDEX "IX_identity_device_requests_directory_id_user_code_hash" ON "identity_device_requests" ("directory_id", "user_code_hash");
CREATE TABLE "identity_directories" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_directories" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_zh" TEXT NOT NULL,
    "sign_up" TEXT NOT NULL,
    "mandatory_fields" TEXT NOT NULL,
    "grace_days" INTEGER NOT NULL,
    "dormant_days" INTEGER NULL,
    "user_limit" INTEGER NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_directories_account_id" ON "identity_directories" ("account", "id");
CREATE UNIQUE INDEX "IX_identity_directories_name" ON "identity_directories" ("name");
CREATE TABLE "identity_directory_figures" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "users" INTEGER NOT NULL,
    "applications" INTEGER NOT NULL,
    "sms_used" INTEGER NOT NULL,
    "mails_used" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_directory_figures" PRIMARY KEY ("account", "directory_id")
);
CREATE TABLE "identity_grants" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_grants" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "security_stamp" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "resource" TEXT NULL,
    "id_token_claims" TEXT NOT NULL,
    "userinfo_claims" TEXT NOT NULL,
    "nonce" TEXT NULL,
    "auth_time" INTEGER NOT NULL,
    "amr" TEXT NOT NULL,
    "acr" TEXT NOT NULL,
    "code_hash" BLOB NOT NULL,
    "code_expires_at" INTEGER NOT NULL,
    "code_used_at" INTEGER NULL,
    "redirect_uri" TEXT NOT NULL,
    "code_challenge" TEXT NOT NULL,
    "dpop_key" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "revoked_at" INTEGER NULL
);
CREATE INDEX "IX_identity_grants_application_id" ON "identity_grants" ("application_id");
CREATE UNIQUE INDEX "IX_identity_grants_code_hash" ON "identity_grants" ("code_hash");
CREATE INDEX "IX_identity_grants_expires_at" ON "identity_grants" ("expires_at");
CREATE INDEX "IX_identity_grants_session_id" ON "identity_grants" ("session_id");
CREATE INDEX "IX_identity_grants_user_id" ON "identity_grants" ("user_id");
CREATE TABLE "identity_group_members" (
    "group_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "added_at" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_group_members" PRIMARY KEY ("group_id", "user_id")
);
CREATE INDEX "IX_identity_group_members_user_id_group_id" ON "identity_group_members" ("user_id", "group_id");
CREATE TABLE "identity_groups" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_groups" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "description" TEXT NULL,
    "external_id" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_groups_account" ON "identity_groups" ("account");
CREATE INDEX "IX_identity_groups_directory_id_id" ON "identity_groups" ("directory_id", "id");
CREATE UNIQUE INDEX "IX_identity_groups_directory_id_name_key" ON "identity_groups" ("directory_id", "name_key");
CREATE TABLE "identity_invitations" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_invitations" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "email" BLOB NOT NULL,
    "email_index" BLOB NOT NULL,
    "token_hash" BLOB NOT NULL,
    "invited_by" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL,
    "revoked_at" INTEGER NULL
);
CREATE INDEX "IX_identity_invitations_directory_id_email_index" ON "identity_invitations" ("directory_id", "email_index");
CREATE INDEX "IX_identity_invitations_expires_at" ON "identity_invitations" ("expires_at");
CREATE UNIQUE INDEX "IX_identity_invitations_token_hash" ON "identity_invitations" ("token_hash");
CREATE TABLE "identity_job_findings" (
    "job_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    CONSTRAINT "PK_identity_job_findings" PRIMARY KEY ("job_id", "number")
);
CREATE TABLE "identity_jobs" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_jobs" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "started_by" TEXT NULL,
    "caller" BLOB NULL,
    "created_at" INTEGER NOT NULL,
    "started_at" INTEGER NULL,
    "finished_at" INTEGER NULL,
    "plan" TEXT NOT NULL,
    "has_file" INTEGER NOT NULL,
    "file_bytes" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "file_position" INTEGER NOT NULL,
    "after" TEXT NULL,
    "created" INTEGER NOT NULL,
    "updated" INTEGER NOT NULL,
    "skipped" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "failure" TEXT NULL,
    "worker" TEXT NULL,
    "worked_until" INTEGER NULL,
    "expires_at" INTEGER NULL
);
CREATE INDEX "IX_identity_jobs_account_id" ON "identity_jobs" ("account", "id");
CREATE INDEX "IX_identity_jobs_created_at" ON "identity_jobs" ("created_at");
CREATE INDEX "IX_identity_jobs_started_by" ON "identity_jobs" ("started_by");
CREATE INDEX "IX_identity_jobs_status" ON "identity_jobs" ("status");
CREATE TABLE "identity_known_devices" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_known_devices" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "secret_hash" BLOB NOT NULL,
    "country" TEXT NULL,
    "trusted_until" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_known_devices_last_seen_at" ON "identity_known_devices" ("last_seen_at");
CREATE UNIQUE INDEX "IX_identity_known_devices_user_id_secret_hash" ON "identity_known_devices" ("user_id", "secret_hash");
CREATE TABLE "identity_linked_identities" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_linked_identities" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "subject" BLOB NOT NULL,
    "subject_index" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_used_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_identity_linked_identities_source_id_subject_index" ON "identity_linked_identities" ("source_id", "subject_index");
CREATE INDEX "IX_identity_linked_identities_user_id_source_id" ON "identity_linked_identities" ("user_id", "source_id");
CREATE TABLE "identity_message_templates" (
    "directory_id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "subject" TEXT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_message_templates" PRIMARY KEY ("directory_id", "message", "language")
);
CREATE INDEX "IX_identity_message_templates_account" ON "identity_message_templates" ("account");
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
    "link_hash" BLOB NULL,
    "target" BLOB NULL,
    "tries_left" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);
CREATE INDEX "IX_identity_one_time_codes_created_at" ON "identity_one_time_codes" ("created_at");
CREATE UNIQUE INDEX "IX_identity_one_time_codes_link_hash" ON "identity_one_time_codes" ("link_hash");
CREATE INDEX "IX_identity_one_time_codes_user_id" ON "identity_one_time_codes" ("user_id");
CREATE TABLE "identity_passkey_challenges" (
    "reference_hash" BLOB NOT NULL CONSTRAINT "PK_identity_passkey_challenges" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "user_id" TEXT NULL,
    "registers" INTEGER NOT NULL,
    "state" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_passkey_challenges_created_at" ON "identity_passkey_challenges" ("created_at");
CREATE INDEX "IX_identity_passkey_challenges_user_id" ON "identity_passkey_challenges" ("user_id");
CREATE TABLE "identity_passkeys" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_passkeys" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "credential_id" BLOB NOT NULL,
    "public_key" BLOB NOT NULL,
    "sign_count" INTEGER NOT NULL,
    "transports" TEXT NOT NULL,
    "backup_eligible" INTEGER NOT NULL,
    "backed_up" INTEGER NOT NULL,
    "name" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_used_at" INTEGER NULL
);
CREATE UNIQUE INDEX "IX_identity_passkeys_credential_id" ON "identity_passkeys" ("credential_id");
CREATE INDEX "IX_identity_passkeys_user_id" ON "identity_passkeys" ("user_id");
CREATE TABLE "identity_pending_sign_ins" (
    "secret_hash" BLOB NOT NULL CONSTRAINT "PK_identity_pending_sign_ins" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NULL,
    "methods" TEXT NOT NULL,
    "need" TEXT NOT NULL,
    "security_stamp" TEXT NOT NULL,
    "return_path" BLOB NULL,
    "code_id" TEXT NULL,
    "tries_left" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);
CREATE INDEX "IX_identity_pending_sign_ins_created_at" ON "identity_pending_sign_ins" ("created_at");
CREATE INDEX "IX_identity_pending_sign_ins_user_id" ON "identity_pending_sign_ins" ("user_id");
CREATE TABLE "identity_pending_sign_ups" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_pending_sign_ups" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "form" BLOB NOT NULL,
    "email_index" BLOB NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_pending_sign_ups_created_at" ON "identity_pending_sign_ups" ("created_at");
CREATE INDEX "IX_identity_pending_sign_ups_directory_id_email_index" ON "identity_pending_sign_ups" ("directory_id", "email_index");
CREATE TABLE "identity_provisioned_users" (
    "user_id" TEXT NOT NULL CONSTRAINT "PK_identity_provisioned_users" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "external_id" BLOB NULL,
    "external_id_index" BLOB NULL,
    "deleted_at" INTEGER NULL
);
CREATE INDEX "IX_identity_provisioned_users_directory_id_external_id_index" ON "identity_provisioned_users" ("directory_id", "external_id_index");
CREATE TABLE "identity_recovery_codes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_recovery_codes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "code_hash" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);
CREATE INDEX "IX_identity_recovery_codes_user_id" ON "identity_recovery_codes" ("user_id");
CREATE TABLE "identity_refresh_tokens" (
    "token_hash" BLOB NOT NULL CONSTRAINT "PK_identity_refresh_tokens" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "grant_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);
CREATE INDEX "IX_identity_refresh_tokens_created_at" ON "identity_refresh_tokens" ("created_at");
CREATE INDEX "IX_identity_refresh_tokens_grant_id" ON "identity_refresh_tokens" ("grant_id");
CREATE TABLE "identity_registration_settings" (
    "directory_id" TEXT NOT NULL CONSTRAINT "PK_identity_registration_settings" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "asked_fields" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE TABLE "identity_registration_tokens" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_registration_tokens" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BLOB NOT NULL,
    "max_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL,
    "created_by" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_registration_tokens_directory_id_id" ON "identity_registration_tokens" ("directory_id", "id");
CREATE INDEX "IX_identity_registration_tokens_expires_at" ON "identity_registration_tokens" ("expires_at");
CREATE UNIQUE INDEX "IX_identity_registration_tokens_token_hash" ON "identity_registration_tokens" ("token_hash");
CREATE TABLE "identity_revoked_tokens" (
    "jti" TEXT NOT NULL CONSTRAINT "PK_identity_revoked_tokens" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_revoked_tokens_expires_at" ON "identity_revoked_tokens" ("expires_at");
CREATE TABLE "identity_session_applications" (
    "session_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_session_applications" PRIMARY KEY ("session_id", "application_id")
);
CREATE INDEX "IX_identity_session_applications_application_id" ON "identity_session_applications" ("application_id");
CREATE INDEX "IX_identity_session_applications_created_at" ON "identity_session_applications" ("created_at");
CREATE INDEX "IX_identity_session_applications_user_id" ON "identity_session_applications" ("user_id");
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
CREATE INDEX "IX_identity_sessions_created_at" ON "identity_sessions" ("created_at");
CREATE UNIQUE INDEX "IX_identity_sessions_secret_hash" ON "identity_sessions" ("secret_hash");
CREATE INDEX "IX_identity_sessions_user_id_ended_at" ON "identity_sessions" ("user_id", "ended_at");
CREATE TABLE "identity_sign_in_rules" (
    "directory_id" TEXT NOT NULL CONSTRAINT "PK_identity_sign_in_rules" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "second_factor" TEXT NOT NULL,
    "risk_new_device" INTEGER NOT NULL,
    "risk_new_country" INTEGER NOT NULL,
    "remember_days" INTEGER NOT NULL,
    "ways" TEXT NOT NULL,
    "new_device_notice" INTEGER NOT NULL,
    "sms_per_number" INTEGER NOT NULL,
    "sms_per_address" INTEGER NOT NULL,
    "sms_per_country" INTEGER NOT NULL,
    "sms_countries" TEXT NOT NULL
);
CREATE INDEX "IX_identity_sign_in_rules_account" ON "identity_sign_in_rules" ("account");
CREATE TABLE "identity_signing_keys" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_signing_keys" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "public_key" BLOB NOT NULL,
    "private_key" BLOB NOT NULL,
    "published_at" INTEGER NOT NULL,
    "active_from" INTEGER NOT NULL,
    "active_until" INTEGER NOT NULL,
    "published_until" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_signing_keys_directory_id_published_until" ON "identity_signing_keys" ("directory_id", "published_until");
CREATE INDEX "IX_identity_signing_keys_published_until" ON "identity_signing_keys" ("published_until");
CREATE TABLE "identity_sms_counts" (
    "counted_hash" BLOB NOT NULL,
    "day" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "PK_identity_sms_counts" PRIMARY KEY ("counted_hash", "day")
);
CREATE INDEX "IX_identity_sms_counts_created_at" ON "identity_sms_counts" ("created_at");
CREATE TABLE "identity_sub_accounts" (
    "uin" INTEGER NOT NULL CONSTRAINT "PK_identity_sub_accounts" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "roles" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_sub_accounts_account_uin" ON "identity_sub_accounts" ("account", "uin");
CREATE UNIQUE INDEX "IX_identity_sub_accounts_user_id" ON "identity_sub_accounts" ("user_id");
CREATE TABLE "identity_template_settings" (
    "directory_id" TEXT NOT NULL CONSTRAINT "PK_identity_template_settings" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "default_language" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_template_settings_account" ON "identity_template_settings" ("account");
CREATE TABLE "identity_totp_factors" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_totp_factors" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "secret" BLOB NOT NULL,
    "last_step" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "confirmed_at" INTEGER NULL,
    "last_used_at" INTEGER NULL
);
CREATE INDEX "IX_identity_totp_factors_user_id" ON "identity_totp_factors" ("user_id");
CREATE TABLE "identity_user_name_prefixes" (
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "user_id" TEXT NOT NULL,
    CONSTRAINT "PK_identity_user_name_prefixes" PRIMARY KEY ("account", "directory_id", "hash", "user_id"),
    CONSTRAINT "FK_identity_user_name_prefixes_identity_users_user_id" FOREIGN KEY ("user_id") REFERENCES "identity_users" ("id") ON DELETE CASCADE
);
CREATE INDEX "IX_identity_user_name_prefixes_user_id" ON "identity_user_name_prefixes" ("user_id");
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
CREATE INDEX "IX_identity_users_account_id" ON "identity_users" ("account", "id");
CREATE INDEX "IX_identity_users_directory_id_created_at" ON "identity_users" ("directory_id", "created_at");
CREATE UNIQUE INDEX "IX_identity_users_directory_id_email_index" ON "identity_users" ("directory_id", "email_index");
CREATE INDEX "IX_identity_users_directory_id_last_sign_in_at" ON "identity_users" ("directory_id", "last_sign_in_at");
CREATE INDEX "IX_identity_users_directory_id_mobile_index" ON "identity_users" ("directory_id", "mobile_index");
CREATE INDEX "IX_identity_users_directory_id_status_id" ON "identity_users" ("directory_id", "status", "id");
CREATE UNIQUE INDEX "IX_identity_users_directory_id_user_name_index" ON "identity_users" ("directory_id", "user_name_index");
CREATE TABLE "identity_verified_mobiles" (
    "user_id" TEXT NOT NULL CONSTRAINT "PK_identity_verified_mobiles" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "mobile_index" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "IX_identity_verified_mobiles_directory_id_mobile_index" ON "identity_verified_mobiles" ("directory_id", "mobile_index");
CREATE TABLE "identity_webhook_deliveries" (
    "webhook_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "user_id" TEXT NULL,
    "type" TEXT NOT NULL,
    "payload" BLOB NOT NULL,
    "status" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "next_try_at" INTEGER NULL,
    "claim" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "last_try_at" INTEGER NULL,
    "status_code" INTEGER NULL,
    "failure" TEXT NULL,
    "duration" INTEGER NULL,
    CONSTRAINT "PK_identity_webhook_deliveries" PRIMARY KEY ("webhook_id", "event_id")
);
CREATE INDEX "IX_identity_webhook_deliveries_created_at" ON "identity_webhook_deliveries" ("created_at");
CREATE INDEX "IX_identity_webhook_deliveries_user_id" ON "identity_webhook_deliveries" ("user_id");
CREATE INDEX "IX_identity_webhook_deliveries_webhook_id_next_try_at" ON "identity_webhook_deliveries" ("webhook_id", "next_try_at");
CREATE INDEX "IX_identity_webhook_deliveries_webhook_id_status_event_id" ON "identity_webhook_deliveries" ("webhook_id", "status", "event_id");
CREATE TABLE "identity_webhooks" (
    "id" TEXT NOT NULL CONSTRAINT "PK_identity_webhooks" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "event_types" TEXT NOT NULL,
    "includes_profile" INTEGER NOT NULL,
    "enabled" INTEGER NOT NULL,
    "disabled_reason" TEXT NULL,
    "disabled_at" INTEGER NULL,
    "failing_since" INTEGER NULL,
    "secret" BLOB NOT NULL,
    "secret_version" INTEGER NOT NULL,
    "previous_secret" BLOB NULL,
    "previous_secret_until" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_identity_webhooks_account" ON "identity_webhooks" ("account");
CREATE INDEX "IX_identity_webhooks_directory_id_id" ON "identity_webhooks" ("directory_id", "id");
CREATE TABLE "integration_deployed_triggers" (
    "instance_id" TEXT NOT NULL,
    "component_id" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "app_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    CONSTRAINT "PK_integration_deployed_triggers" PRIMARY KEY ("instance_id", "component_id"),
    CONSTRAINT "FK_integration_deployed_triggers_integration_instances_instance_id" FOREIGN KEY ("instance_id") REFERENCES "integration_instances" ("instance_id") ON DELETE CASCADE
);
CREATE INDEX "IX_integration_deployed_triggers_account_key" ON "integration_deployed_triggers" ("account", "key");
CREATE INDEX "IX_integration_deployed_triggers_app_id_key" ON "integration_deployed_triggers" ("app_id", "key");
CREATE TABLE "integration_flows" (
    "component_id" TEXT NOT NULL CONSTRAINT "PK_integration_flows" PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    CONSTRAINT "FK_integration_flows_integration_projects_project_id" FOREIGN KEY ("project_id") REFERENCES "integration_projects" ("project_id") ON DELETE CASCADE
);
CREATE INDEX "IX_integration_flows_account_component_id" ON "integration_flows" ("account", "component_id");
CREATE UNIQUE INDEX "IX_integration_flows_project_id_name" ON "integration_flows" ("project_id", "name");
CREATE TABLE "integration_groups" (
    "group_id" TEXT NOT NULL CONSTRAINT "PK_integration_groups" PRIMARY KEY,
    "deletion_requested_at" INTEGER NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "remark" TEXT NULL
);
CREATE UNIQUE INDEX "IX_integration_groups_account_name" ON "integration_groups" ("account", "name");
CREATE INDEX "IX_integration_groups_deletion_requested_at" ON "integration_groups" ("deletion_requested_at");
CREATE TABLE "integration_instances" (
    "instance_id" TEXT NOT NULL CONSTRAINT "PK_integration_instances" PRIMARY KEY,
    "group_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "runtime_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "tag" TEXT NULL,
    "status" TEXT NOT NULL,
    "remark" TEXT NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    CONSTRAINT "FK_integration_instances_integration_projects_project_id" FOREIGN KEY ("project_id") REFERENCES "integration_projects" ("project_id") ON DELETE CASCADE,
    CONSTRAINT "FK_integration_instances_integration_runtimes_runtime_id" FOREIGN KEY ("runtime_id") REFERENCES "integration_runtimes" ("runtime_id") ON DELETE CASCADE
);
CREATE INDEX "IX_integration_instances_account_instance_id" ON "integration_instances" ("account", "instance_id");
CREATE UNIQUE INDEX "IX_integration_instances_project_id_runtime_id" ON "integration_instances" ("project_id", "runtime_id");
CREATE INDEX "IX_integration_instances_runtime_id" ON "integration_instances" ("runtime_id");
CREATE TABLE "integration_job_steps" (
    "job_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "pointer" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "operation" TEXT NULL,
    "state" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "started_at" INTEGER NOT NULL,
    "finished_at" INTEGER NULL,
    "error_code" TEXT NULL,
    "data" BLOB NULL,
    CONSTRAINT "PK_integration_job_steps" PRIMARY KEY ("job_id", "sequence"),
    CONSTRAINT "FK_integration_job_steps_integration_jobs_job_id" FOREIGN KEY ("job_id") REFERENCES "integration_jobs" ("id") ON DELETE CASCADE
);
CREATE TABLE "integration_jobs" (
    "id" TEXT NOT NULL CONSTRAINT "PK_integration_jobs" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "person" TEXT NULL,
    "instance_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "component_id" TEXT NOT NULL,
    "flow_name" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "steps" INTEGER NOT NULL,
    "message" BLOB NOT NULL,
    "response" BLOB NULL,
    "created_at" INTEGER NOT NULL,
    "finished_at" INTEGER NULL,
    "next_at" INTEGER NOT NULL,
    "lease_until" INTEGER NULL,
    "fence" INTEGER NOT NULL,
    "error_code" TEXT NULL,
    "error_pointer" TEXT NULL
);
CREATE INDEX "IX_integration_jobs_account_id" ON "integration_jobs" ("account", "id");
CREATE UNIQUE INDEX "IX_integration_jobs_component_id_dedupe_key" ON "integration_jobs" ("component_id", "dedupe_key");
CREATE INDEX "IX_integration_jobs_component_id_id" ON "integration_jobs" ("component_id", "id");
CREATE INDEX "IX_integration_jobs_created_at" ON "integration_jobs" ("created_at");
CREATE INDEX "IX_integration_jobs_person" ON "integration_jobs" ("person");
CREATE INDEX "IX_integration_jobs_state_next_at" ON "integration_jobs" ("state", "next_at");
CREATE TABLE "integration_projects" (
    "project_id" TEXT NOT NULL CONSTRAINT "PK_integration_projects" PRIMARY KEY,
    "group_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "tag" TEXT NULL,
    "deletion_requested_at" INTEGER NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "remark" TEXT NULL,
    CONSTRAINT "FK_integration_projects_integration_groups_group_id" FOREIGN KEY ("group_id") REFERENCES "integration_groups" ("group_id") ON DELETE CASCADE
);
CREATE INDEX "IX_integration_projects_account_project_id" ON "integration_projects" ("account", "project_id");
CREATE INDEX "IX_integration_projects_deletion_requested_at" ON "integration_projects" ("deletion_requested_at");
CREATE UNIQUE INDEX "IX_integration_projects_group_id_name" ON "integration_projects" ("group_id", "name");
CREATE TABLE "integration_runtimes" (
    "runtime_id" TEXT NOT NULL CONSTRAINT "PK_integration_runtimes" PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "remark" TEXT NULL
);
CREATE UNIQUE INDEX "IX_integration_runtimes_account_name" ON "integration_runtimes" ("account", "name");
CREATE TABLE "integration_version_flows" (
    "project_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "component_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_time" INTEGER NOT NULL,
    CONSTRAINT "PK_integration_version_flows" PRIMARY KEY ("project_id", "version", "component_id"),
    CONSTRAINT "FK_integration_version_flows_integration_projects_project_id" FOREIGN KEY ("project_id") REFERENCES "integration_projects" ("project_id") ON DELETE CASCADE
);
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
CREATE INDEX "IX_kernel_deletion_requests_account_requested_at" ON "kernel_deletion_requests" ("account", "requested_at");
CREATE UNIQUE INDEX "IX_kernel_deletion_requests_standing" ON "kernel_deletion_requests" ("standing");
CREATE INDEX "IX_kernel_deletion_requests_state_execute_after" ON "kernel_deletion_requests" ("state", "execute_after");
CREATE TABLE "kernel_erasure_steps" (
    "request_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "report" TEXT NOT NULL,
    CONSTRAINT "PK_kernel_erasure_steps" PRIMARY KEY ("request_id", "step"),
    CONSTRAINT "FK_kernel_erasure_steps_kernel_deletion_requests_request_id" FOREIGN KEY ("request_id") REFERENCES "kernel_deletion_requests" ("id") ON DELETE CASCADE
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
CREATE INDEX "IX_kernel_outbox_account_person" ON "kernel_outbox" ("account", "person");
CREATE UNIQUE INDEX "IX_kernel_outbox_id" ON "kernel_outbox" ("id");
CREATE INDEX "IX_kernel_outbox_next_try_at" ON "kernel_outbox" ("next_try_at");
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
CREATE INDEX "IX_kernel_outgoing_messages_account_person" ON "kernel_outgoing_messages" ("account", "person");
CREATE INDEX "IX_kernel_outgoing_messages_channel_next_try_at" ON "kernel_outgoing_messages" ("channel", "next_try_at");
CREATE INDEX "IX_kernel_outgoing_messages_counted_account" ON "kernel_outgoing_messages" ("counted", "account");
CREATE INDEX "IX_kernel_outgoing_messages_created_at" ON "kernel_outgoing_messages" ("created_at");
CREATE TABLE kernel_schema (
    module TEXT NOT NULL,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (module, number)
);
CREATE TABLE "kernel_services" (
    "account" INTEGER NOT NULL,
    "service" TEXT NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "terminated_at" INTEGER NULL,
    CONSTRAINT "PK_kernel_services" PRIMARY KEY ("account", "service")
);
CREATE INDEX "IX_kernel_services_terminated_at" ON "kernel_services" ("terminated_at");
CREATE TABLE "tickets_account_settings" (
    "account" INTEGER NOT NULL CONSTRAINT "PK_tickets_account_settings" PRIMARY KEY AUTOINCREMENT,
    "last_number" INTEGER NOT NULL,
    "content_limit_days" INTEGER NULL
);
CREATE TABLE "tickets_attachments" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_attachments" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "message_id" TEXT NULL,
    "content_key" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "stored_name" TEXT NOT NULL,
    "author_kind" TEXT NOT NULL,
    "author" TEXT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_attachments_account_author" ON "tickets_attachments" ("account", "author");
CREATE UNIQUE INDEX "IX_tickets_attachments_stored_name" ON "tickets_attachments" ("stored_name");
CREATE INDEX "IX_tickets_attachments_ticket_id" ON "tickets_attachments" ("ticket_id");
CREATE TABLE "tickets_authorisations" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_authorisations" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "granted_to" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "host" BLOB NULL,
    "system_account" BLOB NULL,
    "password" BLOB NULL,
    "valid_from" INTEGER NOT NULL,
    "valid_until" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_authorisations_account_person" ON "tickets_authorisations" ("account", "person");
CREATE INDEX "IX_tickets_authorisations_ticket_id" ON "tickets_authorisations" ("ticket_id");
CREATE INDEX "IX_tickets_authorisations_valid_until" ON "tickets_authorisations" ("valid_until");
CREATE TABLE "tickets_confidential_notes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_confidential_notes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "text" BLOB NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_confidential_notes_account_person" ON "tickets_confidential_notes" ("account", "person");
CREATE INDEX "IX_tickets_confidential_notes_ticket_id" ON "tickets_confidential_notes" ("ticket_id");
CREATE TABLE "tickets_contact_codes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_codes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "contact" BLOB NOT NULL,
    "code" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "tries" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_contact_codes_account_person_created_at" ON "tickets_contact_codes" ("account", "person", "created_at");
CREATE INDEX "IX_tickets_contact_codes_created_at" ON "tickets_contact_codes" ("created_at");
CREATE INDEX "IX_tickets_contact_codes_ticket_id_kind" ON "tickets_contact_codes" ("ticket_id", "kind");
CREATE TABLE "tickets_contact_emails" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_emails" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "email" BLOB NULL,
    "email_index" BLOB NOT NULL,
    "verified_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_contact_emails_account_email_index" ON "tickets_contact_emails" ("account", "email_index");
CREATE INDEX "IX_tickets_contact_emails_account_person" ON "tickets_contact_emails" ("account", "person");
CREATE UNIQUE INDEX "IX_tickets_contact_emails_ticket_id" ON "tickets_contact_emails" ("ticket_id");
CREATE INDEX "IX_tickets_contact_emails_verified_at" ON "tickets_contact_emails" ("verified_at");
CREATE TABLE "tickets_contact_mobiles" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_mobiles" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "mobile" BLOB NULL,
    "mobile_index" BLOB NOT NULL,
    "verified_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_contact_mobiles_account_mobile_index" ON "tickets_contact_mobiles" ("account", "mobile_index");
CREATE INDEX "IX_tickets_contact_mobiles_account_person" ON "tickets_contact_mobiles" ("account", "person");
CREATE UNIQUE INDEX "IX_tickets_contact_mobiles_ticket_id" ON "tickets_contact_mobiles" ("ticket_id");
CREATE TABLE "tickets_messages" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_messages" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "content_key" TEXT NOT NULL,
    "author_kind" TEXT NOT NULL,
    "author" TEXT NULL,
    "internal" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_messages_account_author" ON "tickets_messages" ("account", "author");
CREATE INDEX "IX_tickets_messages_ticket_id_id" ON "tickets_messages" ("ticket_id", "id");
CREATE TABLE "tickets_participants" (
    "person" TEXT NOT NULL CONSTRAINT "PK_tickets_participants" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "user_name" TEXT NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_participants_account_side_updated_at" ON "tickets_participants" ("account", "side", "updated_at");
CREATE TABLE "tickets_registered_contacts" (
    "person" TEXT NOT NULL CONSTRAINT "PK_tickets_registered_contacts" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "email" BLOB NULL,
    "email_verified" INTEGER NOT NULL,
    "email_index" BLOB NULL,
    "mobile" BLOB NULL,
    "mobile_index" BLOB NULL,
    "display_name" BLOB NULL,
    "locale" BLOB NULL,
    "updated_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_registered_contacts_account_email_index" ON "tickets_registered_contacts" ("account", "email_index");
CREATE INDEX "IX_tickets_registered_contacts_account_mobile_index" ON "tickets_registered_contacts" ("account", "mobile_index");
CREATE TABLE "tickets_retired_keys" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_retired_keys" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "key_kind" TEXT NOT NULL,
    "retired_category" TEXT NOT NULL,
    "retired_by" TEXT NOT NULL,
    "retired_at" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_retired_keys_retired_category_retired_by" ON "tickets_retired_keys" ("retired_category", "retired_by");
CREATE TABLE "tickets_tickets" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_tickets" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "person" TEXT NULL,
    "content_key" TEXT NOT NULL,
    "product_category" TEXT NOT NULL,
    "problem_type" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "assignee" TEXT NULL,
    "use_registered_contact" INTEGER NOT NULL,
    "rating" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "closed_at" INTEGER NULL,
    "idempotency_key" TEXT NULL,
    "version" INTEGER NOT NULL
);
CREATE INDEX "IX_tickets_tickets_account_assignee_number" ON "tickets_tickets" ("account", "assignee", "number");
CREATE INDEX "IX_tickets_tickets_account_closed_at" ON "tickets_tickets" ("account", "closed_at");
CREATE UNIQUE INDEX "IX_tickets_tickets_account_idempotency_key" ON "tickets_tickets" ("account", "idempotency_key");
CREATE UNIQUE INDEX "IX_tickets_tickets_account_number" ON "tickets_tickets" ("account", "number");
CREATE INDEX "IX_tickets_tickets_account_person_number" ON "tickets_tickets" ("account", "person", "number");
CREATE INDEX "IX_tickets_tickets_account_product_category_number" ON "tickets_tickets" ("account", "product_category", "number");
CREATE INDEX "IX_tickets_tickets_account_severity_number" ON "tickets_tickets" ("account", "severity", "number");
CREATE INDEX "IX_tickets_tickets_account_state_number" ON "tickets_tickets" ("account", "state", "number");

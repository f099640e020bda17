CREATE TABLE identity_acceptances (
    user_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    account bigint NOT NULL,
    text_hash bytea NOT NULL,
    accepted_at bigint NOT NULL,
    withdrawn_at bigint,
    CONSTRAINT "PK_identity_acceptances" PRIMARY KEY (user_id, agreement_id)
);


CREATE TABLE identity_access_tokens (
    token_hash bytea NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    application_id uuid NOT NULL,
    grant_id uuid,
    user_id uuid,
    jti character varying(32) NOT NULL,
    audience text NOT NULL,
    scopes text NOT NULL,
    dpop_key character varying(43),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT "PK_identity_access_tokens" PRIMARY KEY (token_hash)
);


CREATE TABLE identity_accounts (
    uin bigint NOT NULL,
    app_id bigint NOT NULL,
    name character varying(100) NOT NULL,
    region text NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_accounts" PRIMARY KEY (uin)
);


CREATE TABLE identity_age_gates (
    directory_id uuid NOT NULL,
    account bigint NOT NULL,
    enabled boolean NOT NULL,
    country_source character varying(16) NOT NULL,
    other_countries integer NOT NULL,
    ages text NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_age_gates" PRIMARY KEY (directory_id)
);


CREATE TABLE identity_agreements (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    name character varying(40) NOT NULL,
    version character varying(20) NOT NULL,
    title character varying(200) NOT NULL,
    title_zh character varying(200) NOT NULL,
    text text,
    text_zh text,
    link character varying(500),
    mandatory boolean NOT NULL,
    valid_from bigint NOT NULL,
    text_hash bytea NOT NULL,
    retired_at bigint,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_agreements" PRIMARY KEY (id)
);


CREATE TABLE identity_application_sign_in_rules (
    application_id uuid NOT NULL,
    account bigint NOT NULL,
    demands_second_factor boolean NOT NULL,
    CONSTRAINT "PK_identity_application_sign_in_rules" PRIMARY KEY (application_id)
);


CREATE TABLE identity_applications (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    client_id character varying(40) NOT NULL,
    name character varying(100) NOT NULL,
    kind character varying(8) NOT NULL,
    enabled boolean NOT NULL,
    redirect_uris text NOT NULL,
    post_logout_uris text NOT NULL,
    scopes text NOT NULL,
    permissions text NOT NULL,
    resources text NOT NULL,
    consent_required boolean NOT NULL,
    device_grant boolean NOT NULL,
    backchannel_logout_uri text,
    access_token_seconds integer NOT NULL,
    id_token_seconds integer NOT NULL,
    refresh_idle_days integer NOT NULL,
    refresh_days integer NOT NULL,
    refresh_overlap_seconds integer NOT NULL,
    signing_algorithm character varying(8) NOT NULL,
    dpop_required boolean NOT NULL,
    pushed_requests_required boolean NOT NULL,
    authentication character varying(16) NOT NULL,
    jwks text,
    jwks_uri text,
    opaque_tokens boolean NOT NULL,
    exchange_from text NOT NULL,
    registration_hash bytea,
    created_by bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_applications" PRIMARY KEY (id)
);


CREATE TABLE identity_attribute_definitions (
    directory_id uuid NOT NULL,
    name character varying(40) NOT NULL,
    account bigint NOT NULL,
    label character varying(100) NOT NULL,
    label_zh character varying(100) NOT NULL,
    kind character varying(16) NOT NULL,
    minimum numeric,
    maximum numeric,
    choices text,
    asked_at_sign_up boolean NOT NULL,
    mandatory boolean NOT NULL,
    editable_by character varying(16) NOT NULL,
    position integer NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_attribute_definitions" PRIMARY KEY (directory_id, name)
);


CREATE TABLE identity_authentication_sources (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    name character varying(40) NOT NULL,
    kind character varying(16) NOT NULL,
    title character varying(60) NOT NULL,
    enabled boolean NOT NULL,
    issuer text NOT NULL,
    authorization_endpoint text NOT NULL,
    token_endpoint text NOT NULL,
    userinfo_endpoint text NOT NULL,
    client_id text NOT NULL,
    client_secret bytea,
    scopes text NOT NULL,
    subject_claim text NOT NULL,
    email_claim text NOT NULL,
    name_claim text NOT NULL,
    trusts_email boolean NOT NULL,
    sign_up boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_authentication_sources" PRIMARY KEY (id)
);


CREATE TABLE identity_authorization_requests (
    request_hash bytea NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    parameters bytea NOT NULL,
    pushed_by uuid,
    consent_by uuid,
    CONSTRAINT "PK_identity_authorization_requests" PRIMARY KEY (request_hash)
);


CREATE TABLE identity_brandings (
    directory_id uuid NOT NULL,
    account bigint NOT NULL,
    colour character varying(7),
    logo text,
    lead character varying(200),
    lead_zh character varying(200),
    support_address text,
    terms_address text,
    privacy_address text,
    custom_domain character varying(260),
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_brandings" PRIMARY KEY (directory_id)
);


CREATE TABLE identity_consents (
    id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    application_id uuid NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_consents" PRIMARY KEY (id)
);


CREATE TABLE identity_country_figures (
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    country character varying(2) NOT NULL,
    users bigint NOT NULL,
    CONSTRAINT "PK_identity_country_figures" PRIMARY KEY (account, directory_id, country)
);


CREATE TABLE identity_daily_figures (
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    day integer NOT NULL,
    sign_ins bigint NOT NULL,
    registrations bigint NOT NULL,
    growth bigint NOT NULL,
    CONSTRAINT "PK_identity_daily_figures" PRIMARY KEY (account, directory_id, day)
);


CREATE TABLE identity_device_requests (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    application_id uuid NOT NULL,
    device_code_hash bytea NOT NULL,
    user_code_hash bytea NOT NULL,
    scopes text NOT NULL,
    resource text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    interval_seconds integer NOT NULL,
    polled_at bigint,
    decided_at bigint,
    grant_id uuid,
    CONSTRAINT "PK_identity_device_requests" PRIMARY KEY (id)
);


CREATE TABLE identity_directories (
    id uuid NOT NULL,
    account bigint NOT NULL,
    name character varying(40) NOT NULL,
    kind character varying(16) NOT NULL,
    title character varying(100) NOT NULL,
    title_zh character varying(100) NOT NULL,
    sign_up character varying(16) NOT NULL,
    mandatory_fields text NOT NULL,
    grace_days integer NOT NULL,
    dormant_days integer,
    user_limit integer,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_directories" PRIMARY KEY (id)
);


CREATE TABLE identity_directory_figures (
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    users bigint NOT NULL,
    applications bigint NOT NULL,
    sms_used bigint NOT NULL,
    mails_used bigint NOT NULL,
    CONSTRAINT "PK_identity_directory_figures" PRIMARY KEY (account, directory_id)
);


CREATE TABLE identity_grants (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    application_id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    security_stamp character varying(64) NOT NULL,
    scopes text NOT NULL,
    resource text,
    id_token_claims text NOT NULL,
    userinfo_claims text NOT NULL,
    nonce text,
    auth_time bigint NOT NULL,
    amr character varying(64) NOT NULL,
    acr character varying(64) NOT NULL,
    code_hash bytea NOT NULL,
    code_expires_at bigint NOT NULL,
    code_used_at bigint,
    redirect_uri text NOT NULL,
    code_challenge character varying(43) NOT NULL,
    dpop_key character varying(43),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT "PK_identity_grants" PRIMARY KEY (id)
);


CREATE TABLE identity_group_members (
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account bigint NOT NULL,
    added_at bigint NOT NULL,
    CONSTRAINT "PK_identity_group_members" PRIMARY KEY (group_id, user_id)
);


CREATE TABLE identity_groups (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    name character varying(100) NOT NULL,
    name_key character varying(200) NOT NULL,
    description character varying(500),
    external_id character varying(200),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version integer NOT NULL,
    CONSTRAINT "PK_identity_groups" PRIMARY KEY (id)
);


CREATE TABLE identity_invitations (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    token_hash bytea NOT NULL,
    invited_by bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    revoked_at bigint,
    CONSTRAINT "PK_identity_invitations" PRIMARY KEY (id)
);


CREATE TABLE identity_job_findings (
    job_id uuid NOT NULL,
    number integer NOT NULL,
    line integer NOT NULL,
    field character varying(64) NOT NULL,
    rule character varying(64) NOT NULL,
    CONSTRAINT "PK_identity_job_findings" PRIMARY KEY (job_id, number)
);


CREATE TABLE identity_jobs (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    kind character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    format character varying(16) NOT NULL,
    started_by uuid,
    caller bytea,
    created_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    plan text NOT NULL,
    has_file boolean NOT NULL,
    file_bytes bigint NOT NULL,
    rows integer NOT NULL,
    position integer NOT NULL,
    file_position bigint NOT NULL,
    after uuid,
    created integer NOT NULL,
    updated integer NOT NULL,
    skipped integer NOT NULL,
    failed integer NOT NULL,
    failure character varying(64),
    worker uuid,
    worked_until bigint,
    expires_at bigint,
    CONSTRAINT "PK_identity_jobs" PRIMARY KEY (id)
);


CREATE TABLE identity_known_devices (
    id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    country character varying(2),
    trusted_until bigint,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    CONSTRAINT "PK_identity_known_devices" PRIMARY KEY (id)
);


CREATE TABLE identity_linked_identities (
    id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    source_id uuid NOT NULL,
    subject bytea NOT NULL,
    subject_index bytea NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    CONSTRAINT "PK_identity_linked_identities" PRIMARY KEY (id)
);


CREATE TABLE identity_message_templates (
    directory_id uuid NOT NULL,
    message character varying(40) NOT NULL,
    language character varying(35) NOT NULL,
    account bigint NOT NULL,
    subject character varying(150),
    text text NOT NULL,
    html text,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_message_templates" PRIMARY KEY (directory_id, message, language)
);


CREATE TABLE identity_monthly_figures (
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    month integer NOT NULL,
    monthly_active_users bigint NOT NULL,
    usage_status character varying(16) NOT NULL,
    CONSTRAINT "PK_identity_monthly_figures" PRIMARY KEY (account, directory_id, month)
);


CREATE TABLE identity_one_time_codes (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    purpose character varying(24) NOT NULL,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    link_hash bytea,
    target bytea,
    tries_left integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT "PK_identity_one_time_codes" PRIMARY KEY (id)
);


CREATE TABLE identity_passkey_challenges (
    reference_hash bytea NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    user_id uuid,
    registers boolean NOT NULL,
    state bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT "PK_identity_passkey_challenges" PRIMARY KEY (reference_hash)
);


CREATE TABLE identity_passkeys (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    user_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports character varying(100) NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up boolean NOT NULL,
    name bytea NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    CONSTRAINT "PK_identity_passkeys" PRIMARY KEY (id)
);


CREATE TABLE identity_pending_sign_ins (
    secret_hash bytea NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid,
    methods character varying(100) NOT NULL,
    need character varying(16) NOT NULL,
    security_stamp character varying(64) NOT NULL,
    return_path bytea,
    code_id uuid,
    tries_left integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT "PK_identity_pending_sign_ins" PRIMARY KEY (secret_hash)
);


CREATE TABLE identity_pending_sign_ups (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    form bytea NOT NULL,
    email_index bytea,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_pending_sign_ups" PRIMARY KEY (id)
);


CREATE TABLE identity_provisioned_users (
    user_id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    external_id bytea,
    external_id_index bytea,
    deleted_at bigint,
    CONSTRAINT "PK_identity_provisioned_users" PRIMARY KEY (user_id)
);


CREATE TABLE identity_recovery_codes (
    id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT "PK_identity_recovery_codes" PRIMARY KEY (id)
);


CREATE TABLE identity_refresh_tokens (
    token_hash bytea NOT NULL,
    account bigint NOT NULL,
    grant_id uuid NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT "PK_identity_refresh_tokens" PRIMARY KEY (token_hash)
);


CREATE TABLE identity_registration_settings (
    directory_id uuid NOT NULL,
    account bigint NOT NULL,
    asked_fields text NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_registration_settings" PRIMARY KEY (directory_id)
);


CREATE TABLE identity_registration_tokens (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    name character varying(100) NOT NULL,
    token_hash bytea NOT NULL,
    max_uses integer NOT NULL,
    uses integer NOT NULL,
    created_by bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT "PK_identity_registration_tokens" PRIMARY KEY (id)
);


CREATE TABLE identity_revoked_tokens (
    jti character varying(32) NOT NULL,
    account bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT "PK_identity_revoked_tokens" PRIMARY KEY (jti)
);


CREATE TABLE identity_session_applications (
    session_id uuid NOT NULL,
    application_id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_session_applications" PRIMARY KEY (session_id, application_id)
);


CREATE TABLE identity_sessions (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    security_stamp character varying(64) NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    auth_time bigint NOT NULL,
    amr character varying(64) NOT NULL,
    acr character varying(64) NOT NULL,
    expires_at bigint NOT NULL,
    device bytea,
    client_ip bytea,
    ended_at bigint,
    CONSTRAINT "PK_identity_sessions" PRIMARY KEY (id)
);


CREATE TABLE identity_sign_in_rules (
    directory_id uuid NOT NULL,
    account bigint NOT NULL,
    second_factor character varying(16) NOT NULL,
    risk_new_device boolean NOT NULL,
    risk_new_country boolean NOT NULL,
    remember_days integer NOT NULL,
    ways character varying(100) NOT NULL,
    new_device_notice boolean NOT NULL,
    sms_per_number integer NOT NULL,
    sms_per_address integer NOT NULL,
    sms_per_country integer NOT NULL,
    sms_countries character varying(500) NOT NULL,
    CONSTRAINT "PK_identity_sign_in_rules" PRIMARY KEY (directory_id)
);


CREATE TABLE identity_signing_keys (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    algorithm character varying(8) NOT NULL,
    public_key bytea NOT NULL,
    private_key bytea NOT NULL,
    published_at bigint NOT NULL,
    active_from bigint NOT NULL,
    active_until bigint NOT NULL,
    published_until bigint NOT NULL,
    CONSTRAINT "PK_identity_signing_keys" PRIMARY KEY (id)
);


CREATE TABLE identity_sms_counts (
    counted_hash bytea NOT NULL,
    day integer NOT NULL,
    count integer NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_sms_counts" PRIMARY KEY (counted_hash, day)
);


CREATE TABLE identity_sub_accounts (
    uin bigint NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    roles character varying(200) NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_sub_accounts" PRIMARY KEY (uin)
);


CREATE TABLE identity_template_settings (
    directory_id uuid NOT NULL,
    account bigint NOT NULL,
    default_language character varying(35) NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_template_settings" PRIMARY KEY (directory_id)
);


CREATE TABLE identity_totp_factors (
    id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid NOT NULL,
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    created_at bigint NOT NULL,
    confirmed_at bigint,
    last_used_at bigint,
    CONSTRAINT "PK_identity_totp_factors" PRIMARY KEY (id)
);


CREATE TABLE identity_users (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    user_name bytea,
    user_name_index bytea,
    email bytea,
    email_index bytea,
    email_verified boolean NOT NULL,
    mobile bytea,
    mobile_index bytea,
    display_name bytea,
    birth_date bytea,
    gender bytea,
    locale bytea,
    custom_attributes bytea,
    credentials bytea,
    status character varying(16) NOT NULL,
    status_reason bytea,
    security_stamp character varying(64) NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    last_sign_in_at bigint,
    last_active_month integer NOT NULL,
    country character varying(2),
    CONSTRAINT "PK_identity_users" PRIMARY KEY (id)
);


CREATE TABLE identity_verified_mobiles (
    user_id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    mobile_index bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT "PK_identity_verified_mobiles" PRIMARY KEY (user_id)
);


CREATE TABLE identity_webhook_deliveries (
    webhook_id uuid NOT NULL,
    event_id uuid NOT NULL,
    account bigint NOT NULL,
    user_id uuid,
    type character varying(64) NOT NULL,
    payload bytea NOT NULL,
    status character varying(16) NOT NULL,
    tries integer NOT NULL,
    next_try_at bigint,
    claim uuid,
    created_at bigint NOT NULL,
    last_try_at bigint,
    status_code integer,
    failure character varying(32),
    duration integer,
    CONSTRAINT "PK_identity_webhook_deliveries" PRIMARY KEY (webhook_id, event_id)
);


CREATE TABLE identity_webhooks (
    id uuid NOT NULL,
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    url character varying(500) NOT NULL,
    description character varying(200) NOT NULL,
    event_types text NOT NULL,
    includes_profile boolean NOT NULL,
    enabled boolean NOT NULL,
    disabled_reason character varying(16),
    disabled_at bigint,
    failing_since bigint,
    secret bytea NOT NULL,
    secret_version integer NOT NULL,
    previous_secret bytea,
    previous_secret_until bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT "PK_identity_webhooks" PRIMARY KEY (id)
);


CREATE TABLE identity_application_secrets (
    id uuid NOT NULL,
    account bigint NOT NULL,
    application_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    CONSTRAINT "PK_identity_application_secrets" PRIMARY KEY (id),
    CONSTRAINT "FK_identity_application_secrets_identity_applications_applicat~" FOREIGN KEY (application_id) REFERENCES identity_applications (id) ON DELETE CASCADE
);


CREATE TABLE identity_user_name_prefixes (
    account bigint NOT NULL,
    directory_id uuid NOT NULL,
    hash bytea NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT "PK_identity_user_name_prefixes" PRIMARY KEY (account, directory_id, hash, user_id),
    CONSTRAINT "FK_identity_user_name_prefixes_identity_users_user_id" FOREIGN KEY (user_id) REFERENCES identity_users (id) ON DELETE CASCADE
);


CREATE INDEX "IX_identity_acceptances_agreement_id" ON identity_acceptances (agreement_id);


CREATE INDEX "IX_identity_access_tokens_application_id" ON identity_access_tokens (application_id);


CREATE INDEX "IX_identity_access_tokens_expires_at" ON identity_access_tokens (expires_at);


CREATE INDEX "IX_identity_access_tokens_user_id" ON identity_access_tokens (user_id);


CREATE UNIQUE INDEX "IX_identity_accounts_app_id" ON identity_accounts (app_id);


CREATE UNIQUE INDEX "IX_identity_agreements_directory_id_name_version" ON identity_agreements (directory_id, name, version);


CREATE INDEX "IX_identity_application_secrets_application_id" ON identity_application_secrets (application_id);


CREATE INDEX "IX_identity_application_secrets_expires_at" ON identity_application_secrets (expires_at);


CREATE INDEX "IX_identity_application_sign_in_rules_account" ON identity_application_sign_in_rules (account);


CREATE INDEX "IX_identity_applications_account_id" ON identity_applications (account, id);


CREATE UNIQUE INDEX "IX_identity_applications_directory_id_client_id" ON identity_applications (directory_id, client_id);


CREATE INDEX "IX_identity_authentication_sources_account" ON identity_authentication_sources (account);


CREATE UNIQUE INDEX "IX_identity_authentication_sources_directory_id_name" ON identity_authentication_sources (directory_id, name);


CREATE INDEX "IX_identity_authorization_requests_created_at" ON identity_authorization_requests (created_at);


CREATE UNIQUE INDEX "IX_identity_brandings_custom_domain" ON identity_brandings (custom_domain);


CREATE INDEX "IX_identity_consents_application_id" ON identity_consents (application_id);


CREATE UNIQUE INDEX "IX_identity_consents_user_id_application_id" ON identity_consents (user_id, application_id);


CREATE INDEX "IX_identity_device_requests_application_id" ON identity_device_requests (application_id);


CREATE INDEX "IX_identity_device_requests_created_at" ON identity_device_requests (created_at);


CREATE UNIQUE INDEX "IX_identity_device_requests_device_code_hash" ON identity_device_requests (device_code_hash);


CREATE UNIQUE INDEX "IX_identity_device_requests_directory_id_user_code_hash" ON identity_device_requests (directory_id, user_code_hash);


CREATE INDEX "IX_identity_directories_account_id" ON identity_directories (account, id);


CREATE UNIQUE INDEX "IX_identity_directories_name" ON identity_directories (name);


CREATE INDEX "IX_identity_grants_application_id" ON identity_grants (application_id);


CREATE UNIQUE INDEX "IX_identity_grants_code_hash" ON identity_grants (code_hash);


CREATE INDEX "IX_identity_grants_expires_at" ON identity_grants (expires_at);


CREATE INDEX "IX_identity_grants_session_id" ON identity_grants (session_id);


CREATE INDEX "IX_identity_grants_user_id" ON identity_grants (user_id);


CREATE INDEX "IX_identity_group_members_user_id_group_id" ON identity_group_members (user_id, group_id);


CREATE INDEX "IX_identity_groups_account" ON identity_groups (account);


CREATE INDEX "IX_identity_groups_directory_id_id" ON identity_groups (directory_id, id);


CREATE UNIQUE INDEX "IX_identity_groups_directory_id_name_key" ON identity_groups (directory_id, name_key);


CREATE INDEX "IX_identity_invitations_directory_id_email_index" ON identity_invitations (directory_id, email_index);


CREATE INDEX "IX_identity_invitations_expires_at" ON identity_invitations (expires_at);


CREATE UNIQUE INDEX "IX_identity_invitations_token_hash" ON identity_invitations (token_hash);


CREATE INDEX "IX_identity_jobs_account_id" ON identity_jobs (account, id);


CREATE INDEX "IX_identity_jobs_created_at" ON identity_jobs (created_at);


CREATE INDEX "IX_identity_jobs_started_by" ON identity_jobs (started_by);


CREATE INDEX "IX_identity_jobs_status" ON identity_jobs (status);


CREATE INDEX "IX_identity_known_devices_last_seen_at" ON identity_known_devices (last_seen_at);


CREATE UNIQUE INDEX "IX_identity_known_devices_user_id_secret_hash" ON identity_known_devices (user_id, secret_hash);


CREATE UNIQUE INDEX "IX_identity_linked_identities_source_id_subject_index" ON identity_linked_identities (source_id, subject_index);


CREATE INDEX "IX_identity_linked_identities_user_id_source_id" ON identity_linked_identities (user_id, source_id);


CREATE INDEX "IX_identity_message_templates_account" ON identity_message_templates (account);


CREATE INDEX "IX_identity_one_time_codes_created_at" ON identity_one_time_codes (created_at);


CREATE UNIQUE INDEX "IX_identity_one_time_codes_link_hash" ON identity_one_time_codes (link_hash);


CREATE INDEX "IX_identity_one_time_codes_user_id" ON identity_one_time_codes (user_id);


CREATE INDEX "IX_identity_passkey_challenges_created_at" ON identity_passkey_challenges (created_at);


CREATE INDEX "IX_identity_passkey_challenges_user_id" ON identity_passkey_challenges (user_id);


CREATE UNIQUE INDEX "IX_identity_passkeys_credential_id" ON identity_passkeys (credential_id);


CREATE INDEX "IX_identity_passkeys_user_id" ON identity_passkeys (user_id);


CREATE INDEX "IX_identity_pending_sign_ins_created_at" ON identity_pending_sign_ins (created_at);


CREATE INDEX "IX_identity_pending_sign_ins_user_id" ON identity_pending_sign_ins (user_id);


CREATE INDEX "IX_identity_pending_sign_ups_created_at" ON identity_pending_sign_ups (created_at);


CREATE INDEX "IX_identity_pending_sign_ups_directory_id_email_index" ON identity_pending_sign_ups (directory_id, email_index);


CREATE INDEX "IX_identity_provisioned_users_directory_id_external_id_index" ON identity_provisioned_users (directory_id, external_id_index);


CREATE INDEX "IX_identity_recovery_codes_user_id" ON identity_recovery_codes (user_id);


CREATE INDEX "IX_identity_refresh_tokens_created_at" ON identity_refresh_tokens (created_at);


CREATE INDEX "IX_identity_refresh_tokens_grant_id" ON identity_refresh_tokens (grant_id);


CREATE INDEX "IX_identity_registration_tokens_directory_id_id" ON identity_registration_tokens (directory_id, id);


CREATE INDEX "IX_identity_registration_tokens_expires_at" ON identity_registration_tokens (expires_at);


CREATE UNIQUE INDEX "IX_identity_registration_tokens_token_hash" ON identity_registration_tokens (token_hash);


CREATE INDEX "IX_identity_revoked_tokens_expires_at" ON identity_revoked_tokens (expires_at);


CREATE INDEX "IX_identity_session_applications_application_id" ON identity_session_applications (application_id);


CREATE INDEX "IX_identity_session_applications_created_at" ON identity_session_applications (created_at);


CREATE INDEX "IX_identity_session_applications_user_id" ON identity_session_applications (user_id);


CREATE INDEX "IX_identity_sessions_created_at" ON identity_sessions (created_at);


CREATE UNIQUE INDEX "IX_identity_sessions_secret_hash" ON identity_sessions (secret_hash);


CREATE INDEX "IX_identity_sessions_user_id_ended_at" ON identity_sessions (user_id, ended_at);


CREATE INDEX "IX_identity_sign_in_rules_account" ON identity_sign_in_rules (account);


CREATE INDEX "IX_identity_signing_keys_directory_id_published_until" ON identity_signing_keys (directory_id, published_until);


CREATE INDEX "IX_identity_signing_keys_published_until" ON identity_signing_keys (published_until);


CREATE INDEX "IX_identity_sms_counts_created_at" ON identity_sms_counts (created_at);


CREATE INDEX "IX_identity_sub_accounts_account_uin" ON identity_sub_accounts (account, uin);


CREATE UNIQUE INDEX "IX_identity_sub_accounts_user_id" ON identity_sub_accounts (user_id);


CREATE INDEX "IX_identity_template_settings_account" ON identity_template_settings (account);


CREATE INDEX "IX_identity_totp_factors_user_id" ON identity_totp_factors (user_id);


CREATE INDEX "IX_identity_user_name_prefixes_user_id" ON identity_user_name_prefixes (user_id);


CREATE INDEX "IX_identity_users_account_id" ON identity_users (account, id);


CREATE INDEX "IX_identity_users_directory_id_created_at" ON identity_users (directory_id, created_at);


CREATE UNIQUE INDEX "IX_identity_users_directory_id_email_index" ON identity_users (directory_id, email_index);


CREATE INDEX "IX_identity_users_directory_id_last_sign_in_at" ON identity_users (directory_id, last_sign_in_at);


CREATE INDEX "IX_identity_users_directory_id_mobile_index" ON identity_users (directory_id, mobile_index);


CREATE INDEX "IX_identity_users_directory_id_status_id" ON identity_users (directory_id, status, id);


CREATE UNIQUE INDEX "IX_identity_users_directory_id_user_name_index" ON identity_users (directory_id, user_name_index);


CREATE UNIQUE INDEX "IX_identity_verified_mobiles_directory_id_mobile_index" ON identity_verified_mobiles (directory_id, mobile_index);


CREATE INDEX "IX_identity_webhook_deliveries_created_at" ON identity_webhook_deliveries (created_at);


CREATE INDEX "IX_identity_webhook_deliveries_user_id" ON identity_webhook_deliveries (user_id);


CREATE INDEX "IX_identity_webhook_deliveries_webhook_id_next_try_at" ON identity_webhook_deliveries (webhook_id, next_try_at);


CREATE INDEX "IX_identity_webhook_deliveries_webhook_id_status_event_id" ON identity_webhook_deliveries (webhook_id, status, event_id);


CREATE INDEX "IX_identity_webhooks_account" ON identity_webhooks (account);


CREATE INDEX "IX_identity_webhooks_directory_id_id" ON identity_webhooks (directory_id, id);

CREATE TABLE integration_groups (
    group_id uuid NOT NULL,
    deletion_requested_at bigint,
    account bigint NOT NULL,
    created_time bigint NOT NULL,
    update_time bigint NOT NULL,
    name text NOT NULL,
    remark text,
    CONSTRAINT "PK_integration_groups" PRIMARY KEY (group_id)
);


CREATE TABLE integration_jobs (
    id uuid NOT NULL,
    account bigint NOT NULL,
    person uuid,
    instance_id uuid NOT NULL,
    project_id uuid NOT NULL,
    version integer NOT NULL,
    component_id uuid NOT NULL,
    flow_name text NOT NULL,
    dedupe_key text NOT NULL,
    state text NOT NULL,
    position integer NOT NULL,
    steps integer NOT NULL,
    message bytea NOT NULL,
    response bytea,
    created_at bigint NOT NULL,
    finished_at bigint,
    next_at bigint NOT NULL,
    lease_until bigint,
    fence bigint NOT NULL,
    error_code text,
    error_pointer text,
    CONSTRAINT "PK_integration_jobs" PRIMARY KEY (id)
);


CREATE TABLE integration_runtimes (
    runtime_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    account bigint NOT NULL,
    created_time bigint NOT NULL,
    update_time bigint NOT NULL,
    name text NOT NULL,
    remark text,
    CONSTRAINT "PK_integration_runtimes" PRIMARY KEY (runtime_id)
);


CREATE TABLE integration_projects (
    project_id uuid NOT NULL,
    group_id uuid NOT NULL,
    version integer NOT NULL,
    tag text,
    deletion_requested_at bigint,
    account bigint NOT NULL,
    created_time bigint NOT NULL,
    update_time bigint NOT NULL,
    name text NOT NULL,
    remark text,
    CONSTRAINT "PK_integration_projects" PRIMARY KEY (project_id),
    CONSTRAINT "FK_integration_projects_integration_groups_group_id" FOREIGN KEY (group_id) REFERENCES integration_groups (group_id) ON DELETE CASCADE
);


CREATE TABLE integration_job_steps (
    job_id uuid NOT NULL,
    sequence integer NOT NULL,
    pointer text NOT NULL,
    label text NOT NULL,
    operation text,
    state text NOT NULL,
    tries integer NOT NULL,
    started_at bigint NOT NULL,
    finished_at bigint,
    error_code text,
    data bytea,
    CONSTRAINT "PK_integration_job_steps" PRIMARY KEY (job_id, sequence),
    CONSTRAINT "FK_integration_job_steps_integration_jobs_job_id" FOREIGN KEY (job_id) REFERENCES integration_jobs (id) ON DELETE CASCADE
);


CREATE TABLE integration_flows (
    component_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    revision integer NOT NULL,
    status text NOT NULL,
    account bigint NOT NULL,
    created_time bigint NOT NULL,
    update_time bigint NOT NULL,
    CONSTRAINT "PK_integration_flows" PRIMARY KEY (component_id),
    CONSTRAINT "FK_integration_flows_integration_projects_project_id" FOREIGN KEY (project_id) REFERENCES integration_projects (project_id) ON DELETE CASCADE
);


CREATE TABLE integration_instances (
    instance_id uuid NOT NULL,
    group_id uuid NOT NULL,
    project_id uuid NOT NULL,
    runtime_id uuid NOT NULL,
    version integer NOT NULL,
    tag text,
    status text NOT NULL,
    remark text,
    account bigint NOT NULL,
    created_time bigint NOT NULL,
    update_time bigint NOT NULL,
    CONSTRAINT "PK_integration_instances" PRIMARY KEY (instance_id),
    CONSTRAINT "FK_integration_instances_integration_projects_project_id" FOREIGN KEY (project_id) REFERENCES integration_projects (project_id) ON DELETE CASCADE,
    CONSTRAINT "FK_integration_instances_integration_runtimes_runtime_id" FOREIGN KEY (runtime_id) REFERENCES integration_runtimes (runtime_id) ON DELETE CASCADE
);


CREATE TABLE integration_version_flows (
    project_id uuid NOT NULL,
    version integer NOT NULL,
    component_id uuid NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    created_time bigint NOT NULL,
    CONSTRAINT "PK_integration_version_flows" PRIMARY KEY (project_id, version, component_id),
    CONSTRAINT "FK_integration_version_flows_integration_projects_project_id" FOREIGN KEY (project_id) REFERENCES integration_projects (project_id) ON DELETE CASCADE
);


CREATE TABLE integration_deployed_triggers (
    instance_id uuid NOT NULL,
    component_id uuid NOT NULL,
    account bigint NOT NULL,
    app_id bigint NOT NULL,
    key text NOT NULL,
    CONSTRAINT "PK_integration_deployed_triggers" PRIMARY KEY (instance_id, component_id),
    CONSTRAINT "FK_integration_deployed_triggers_integration_instances_instanc~" FOREIGN KEY (instance_id) REFERENCES integration_instances (instance_id) ON DELETE CASCADE
);


CREATE INDEX "IX_integration_deployed_triggers_account_key" ON integration_deployed_triggers (account, key);


CREATE INDEX "IX_integration_deployed_triggers_app_id_key" ON integration_deployed_triggers (app_id, key);


CREATE INDEX "IX_integration_flows_account_component_id" ON integration_flows (account, component_id);


CREATE UNIQUE INDEX "IX_integration_flows_project_id_name" ON integration_flows (project_id, name);


CREATE UNIQUE INDEX "IX_integration_groups_account_name" ON integration_groups (account, name);


CREATE INDEX "IX_integration_groups_deletion_requested_at" ON integration_groups (deletion_requested_at);


CREATE INDEX "IX_integration_instances_account_instance_id" ON integration_instances (account, instance_id);


CREATE UNIQUE INDEX "IX_integration_instances_project_id_runtime_id" ON integration_instances (project_id, runtime_id);


CREATE INDEX "IX_integration_instances_runtime_id" ON integration_instances (runtime_id);


CREATE INDEX "IX_integration_jobs_account_id" ON integration_jobs (account, id);


CREATE UNIQUE INDEX "IX_integration_jobs_component_id_dedupe_key" ON integration_jobs (component_id, dedupe_key);


CREATE INDEX "IX_integration_jobs_component_id_id" ON integration_jobs (component_id, id);


CREATE INDEX "IX_integration_jobs_created_at" ON integration_jobs (created_at);


CREATE INDEX "IX_integration_jobs_person" ON integration_jobs (person);


CREATE INDEX "IX_integration_jobs_state_next_at" ON integration_jobs (state, next_at);


CREATE INDEX "IX_integration_projects_account_project_id" ON integration_projects (account, project_id);


CREATE INDEX "IX_integration_projects_deletion_requested_at" ON integration_projects (deletion_requested_at);


CREATE UNIQUE INDEX "IX_integration_projects_group_id_name" ON integration_projects (group_id, name);


CREATE UNIQUE INDEX "IX_integration_runtimes_account_name" ON integration_runtimes (account, name);

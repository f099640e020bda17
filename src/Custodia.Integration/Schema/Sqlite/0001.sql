CREATE TABLE "integration_groups" (
    "group_id" TEXT NOT NULL CONSTRAINT "PK_integration_groups" PRIMARY KEY,
    "deletion_requested_at" INTEGER NULL,
    "account" INTEGER NOT NULL,
    "created_time" INTEGER NOT NULL,
    "update_time" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "remark" TEXT NULL
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


CREATE INDEX "IX_integration_flows_account_component_id" ON "integration_flows" ("account", "component_id");


CREATE UNIQUE INDEX "IX_integration_flows_project_id_name" ON "integration_flows" ("project_id", "name");


CREATE UNIQUE INDEX "IX_integration_groups_account_name" ON "integration_groups" ("account", "name");


CREATE INDEX "IX_integration_groups_deletion_requested_at" ON "integration_groups" ("deletion_requested_at");


CREATE INDEX "IX_integration_instances_account_instance_id" ON "integration_instances" ("account", "instance_id");


CREATE UNIQUE INDEX "IX_integration_instances_project_id_runtime_id" ON "integration_instances" ("project_id", "runtime_id");


CREATE INDEX "IX_integration_instances_runtime_id" ON "integration_instances" ("runtime_id");


CREATE INDEX "IX_integration_jobs_account_id" ON "integration_jobs" ("account", "id");


CREATE UNIQUE INDEX "IX_integration_jobs_component_id_dedupe_key" ON "integration_jobs" ("component_id", "dedupe_key");


CREATE INDEX "IX_integration_jobs_component_id_id" ON "integration_jobs" ("component_id", "id");


CREATE INDEX "IX_integration_jobs_created_at" ON "integration_jobs" ("created_at");


CREATE INDEX "IX_integration_jobs_person" ON "integration_jobs" ("person");


CREATE INDEX "IX_integration_jobs_state_next_at" ON "integration_jobs" ("state", "next_at");


CREATE INDEX "IX_integration_projects_account_project_id" ON "integration_projects" ("account", "project_id");


CREATE INDEX "IX_integration_projects_deletion_requested_at" ON "integration_projects" ("deletion_requested_at");


CREATE UNIQUE INDEX "IX_integration_projects_group_id_name" ON "integration_projects" ("group_id", "name");


CREATE UNIQUE INDEX "IX_integration_runtimes_account_name" ON "integration_runtimes" ("account", "name");

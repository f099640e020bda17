CREATE TABLE kernel_outbox (
    id uuid NOT NULL,
    type text NOT NULL,
    version integer NOT NULL,
    account bigint NOT NULL,
    person uuid,
    created_at bigint NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT "PK_kernel_outbox" PRIMARY KEY (id)
);


CREATE TABLE kernel_services (
    account bigint NOT NULL,
    service text NOT NULL,
    opened_at bigint NOT NULL,
    terminated_at bigint,
    CONSTRAINT "PK_kernel_services" PRIMARY KEY (account, service)
);


CREATE INDEX "IX_kernel_services_terminated_at" ON kernel_services (terminated_at);

import { type Kysely, sql } from 'kysely'

/**
 * `FaaS-Invocation`, `faas.lambda.invoke` and `function:read` no longer read sources, logs and records. Who had them keeps what
 * that meant, until an administrator changes the user, the key or the application.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['account_user', 'oauth_client', 'api_key']) {
    await sql`alter table ${sql.table(table)}
      add column kept_permissions text[] not null default '{}'`.execute(db)
  }
  const reads = sql`'{function:source,function:environment,log:read,record:read}'`
  await sql`update account_user set kept_permissions = ${reads}
    where profiles @> '{FaaS-Invocation}' and not profiles @> '{FaaS-Developer}'`.execute(db)
  await sql`update account_user set kept_permissions = '{function:environment}'
    where profiles @> '{FaaS-Admin}' and not profiles && '{FaaS-Developer,FaaS-Invocation}'`.execute(
    db,
  )
  await sql`update oauth_client set kept_permissions = ${reads}
    where scopes @> '{faas.lambda.invoke}'`.execute(db)
  await sql`update api_key set kept_permissions =
    case when permissions @> '{function:read}' then '{function:source,function:environment}'::text[] else '{}' end
    || case when permissions @> '{log:read}' then '{record:read}'::text[] else '{}' end
    || case when permissions @> '{conversation:read,conversation:manage}'
      then '{conversation:read-all}'::text[] else '{}' end`.execute(db)
}

import { type Db, jsonb } from '#base/store'
import { ConnectorDefinition } from './definition.ts'

export interface StoredConnector {
  definition: ConnectorDefinition
  sealedSecret: string | null
}

export async function findConnector(
  db: Db,
  accountId: string,
  connectorId: string,
): Promise<StoredConnector | undefined> {
  const row = await db
    .selectFrom('connector')
    .select(['definition', 'sealedSecret'])
    .where('accountId', '=', accountId)
    .where('connectorId', '=', connectorId)
    .executeTakeFirst()
  return row && { ...row, definition: ConnectorDefinition.parse(row.definition) }
}

/** By id. */
export async function listDefinitions(
  db: Db,
  accountId: string,
): Promise<Map<string, ConnectorDefinition>> {
  const rows = await db
    .selectFrom('connector')
    .select(['connectorId', 'definition'])
    .where('accountId', '=', accountId)
    .execute()
  return new Map(rows.map((row) => [row.connectorId, ConnectorDefinition.parse(row.definition)]))
}

export async function saveConnector(
  tx: Db,
  accountId: string,
  connectorId: string,
  { definition, sealedSecret }: StoredConnector,
): Promise<void> {
  const row = { definition: jsonb(definition), sealedSecret }
  await tx
    .insertInto('connector')
    .values({ accountId, connectorId, ...row })
    .onConflict((conflict) => conflict.columns(['accountId', 'connectorId']).doUpdateSet(row))
    .execute()
}

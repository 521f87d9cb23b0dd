import {
  CamelCasePlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type RawBuilder,
  sql,
} from 'kysely'
import pg from 'pg'
import type { Tables } from './tables/index.ts'

/** What modules send queries through: the pool, or a transaction. */
export type Db = Kysely<Tables>

const INT8 = 20

/** bigint as a number: every one of ours is a counter or a size, far below 2^53. */
export const pgTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/** Opens the pool's query builder; `destroy()` closes both. */
export function openDb(pool: PostgresPool): Db {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/** A value for a jsonb column. Needed for arrays and plain values: the driver sends those in other forms. */
export function jsonb<T>(value: T): RawBuilder<T> {
  return sql<T>`${JSON.stringify(value)}::jsonb`
}

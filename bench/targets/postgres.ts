import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { answerOrders } from '../answer-orders.ts'

/** A PostgreSQL with the settings of Parley's own. Answers its address. */
const deps = { logger: openLogger('warn'), monotonic: systemMonotonic(), ids: randomIds() }
const postgres = await startEmbedded(deps, process.env['DATA'] ?? '')
answerOrders(
  () => postgres.url,
  () => postgres[Symbol.asyncDispose](),
)

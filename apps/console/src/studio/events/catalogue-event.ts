import type { listFunctionEvents } from '@parley/contract'
import type * as z from 'zod'

/** An event of the catalogue, with its example. */
export type CatalogueEvent = z.output<typeof listFunctionEvents.reply>['events'][number]

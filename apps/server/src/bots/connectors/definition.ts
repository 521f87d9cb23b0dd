import { ConnectorHooks, ConnectorVendor } from '@parley/contract'
import * as z from 'zod'

/** What a connector keeps beside its bot. */
export const ConnectorDefinition = z.object({
  vendor: ConnectorVendor,
  hooks: ConnectorHooks.optional(),
})
export type ConnectorDefinition = z.infer<typeof ConnectorDefinition>

/** The kind of bots that are connectors. */
export const CONNECTOR = 'connector'

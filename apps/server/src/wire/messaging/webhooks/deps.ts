import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { Resolver } from '#faas/egress'
import type { Credentials } from '#identity/credentials'

/** What webhooks need from other modules. */
export interface Deps extends Pick<Base, 'clock' | 'monotonic'> {
  delivery: Delivery
  credentials: Pick<Credentials, 'findWebhook'>
  resolver: Resolver
  /** Private targets that the operator allows, as `host:port`. */
  egressPrivate: readonly string[]
}

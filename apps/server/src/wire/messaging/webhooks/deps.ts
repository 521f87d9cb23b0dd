import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { CallOutDeps } from '#faas/egress'
import type { Credentials } from '#identity/credentials'

/** What webhooks need from other modules. */
export interface Deps extends Pick<Base, 'clock'>, CallOutDeps {
  delivery: Delivery
  credentials: Pick<Credentials, 'findWebhook'>
}

import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { Reading } from '#messaging/reading'

export interface PeopleDeps extends Pick<Base, 'store' | 'clock' | 'monotonic'> {
  delivery: Delivery
  reading: Reading
}

import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { Settings } from '#identity/settings'
import type { Reading } from '#messaging/reading'

export interface PeopleDeps extends Pick<Base, 'store' | 'clock' | 'monotonic'> {
  delivery: Delivery
  settings: Pick<Settings, 'get' | 'alsoWrite' | 'readAgain'>
  reading: Reading
}

import { raisedEvent } from '@parley/contract/events'
import { perAccount } from '#base/kit'
import type { Settings } from '#identity/settings'
import type { ChangeObserver, ConversationDecisions } from '#messaging/conversations'
import type { Base } from '#base/store'
import { idleThresholds } from './idle-timings.ts'
import { listSettings, type MessageSettings } from './repository.ts'

/** The name of the Controller Bot's outbox consumer of changes. */
export const CONSUMER = 'controller-bot'

/** What accounts have set for automatic messages, and what conversations do by these settings. */
export interface AutomaticMessages
  extends Disposable, Pick<ConversationDecisions, 'idleThresholds' | 'readIdleAgain'> {
  messageSettings: MessageSettings
  /** Wants every change that is an event of the Controller Bot. */
  observer: ChangeObserver
}

/** Open it before conversations, which ask it when they count as idle. */
export function openAutomaticMessages({
  store,
  settings,
}: Pick<Base, 'store'> & { settings: Pick<Settings, 'get'> }): AutomaticMessages {
  const messageSettings = perAccount(store, 'automatic-messages', (id) =>
    listSettings(store.db, id),
  )
  return {
    messageSettings,
    observer: {
      consumer: CONSUMER,
      takesChanges: true,
      wants: (facts) => raisedEvent(facts) !== undefined,
    },
    /** Never idle while the account has its Controller Bot switched off. */
    async idleThresholds(accountId, skillId) {
      const { controllerBotEnabled } = await settings.get(accountId)
      if (!controllerBotEnabled) return {}
      return idleThresholds(await messageSettings.get(accountId), skillId)
    },
    readIdleAgain: messageSettings.changed,
    [Symbol.dispose]: () => messageSettings[Symbol.dispose](),
  }
}

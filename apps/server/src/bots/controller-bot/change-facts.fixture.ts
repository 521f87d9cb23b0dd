import type { ChangeFacts, ConversationChange, ConversationState } from '@parley/contract'

const CONSUMER = '49b673cb7d08168a9f14640346340237'

/** A conversation about which nothing optional is known. */
export function someConversation(changes: Partial<ConversationState> = {}): ConversationState {
  return {
    conversationId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
    consumerId: CONSUMER,
    formerConsumerIds: [],
    authenticated: false,
    skillId: '1001',
    state: 'OPEN',
    stage: 'OPEN',
    startedAt: 1_528_463_744_663,
    updatedAt: 1_528_463_744_663,
    firstConversation: true,
    openedOffHours: false,
    ttr: { ttrType: 'NORMAL', value: 3600 },
    effectiveTtr: 1_528_464_044_687,
    dialogs: [
      {
        dialogId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
        type: 'MAIN',
        state: 'OPEN',
        openedAt: 1_528_463_744_663,
        updatedAt: 1_528_463_744_663,
        participants: [],
        nextSequence: 0,
      },
    ],
    transferred: false,
    rings: [],
    refusals: {},
    idle: {},
    timers: {},
    moves: [],
    ...changes,
  }
}

export function someFacts(
  change: ConversationChange,
  { conversation, ...others }: Partial<ChangeFacts> = {},
): ChangeFacts {
  return {
    change,
    at: 1_528_463_781_807,
    originator: { userId: CONSUMER, pid: CONSUMER, role: 'CONSUMER' },
    offHours: false,
    oldState: change.kind === 'opened' ? 'CLOSE' : 'OPEN',
    conversation: conversation ?? someConversation(),
    ...others,
  }
}

export const opened: ConversationChange = { kind: 'opened', firstConversation: true }

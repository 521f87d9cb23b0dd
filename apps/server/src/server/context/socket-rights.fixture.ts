export interface SocketRow {
  type: string
  /** About a conversation of skill 1001 that an agent serves. `$c` is its id, `$u` its consumer, `$f` a file in it. */
  body: unknown
  /**
   * One sign for the agent who serves it, an agent of its skill, an agent of another skill, an agent manager, its consumer and
   * another consumer: `x` is answered, `-` refused.
   */
  who: string
}

const TTR = { field: 'TTRField', type: 'UPDATE', ttrType: 'URGENT' }
const EVENT = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }

export const SOCKET_RIGHTS: readonly SocketRow[] = [
  { type: 'GetClock', body: {}, who: 'xxxx xx' },
  { type: 'KeepAlive', body: {}, who: 'xxxx xx' },
  { type: 'InitConnection', body: {}, who: '---- xx' },
  { type: 'StepUp', body: { jwt: 'x' }, who: '---- --' },
  { type: 'cqm.SubscribeExConversations', body: { convState: ['OPEN'] }, who: 'xxxx xx' },
  { type: 'cqm.UnsubscribeExConversations', body: { subscriptionId: 'x' }, who: '---- --' },
  { type: 'ms.SubscribeMessagingEvents', body: { dialogId: '$c' }, who: 'xx-x x-' },
  { type: 'ms.QueryMessages', body: { dialogId: '$c' }, who: 'xx-x x-' },
  { type: 'ms.PublishEvent', body: { dialogId: '$c', event: EVENT }, who: 'x--- x-' },
  {
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3, fileType: 'txt' },
    who: 'xxxx xx',
  },
  { type: 'ms.GenerateURLForDownloadFile', body: { relativePath: '$f' }, who: 'xx-x x-' },
  { type: 'cm.ConsumerRequestConversation', body: {}, who: '---- -x' },
  { type: 'cm.AgentRequestConversation', body: {}, who: '---- --' },
  {
    type: 'cm.UpdateConversationField',
    body: { conversationId: '$c', conversationField: [TTR] },
    who: 'x--x x-',
  },
  { type: 'routing.SubscribeRoutingTasks', body: {}, who: 'xxxx --' },
  { type: 'routing.UpdateRoutingTaskSubscription', body: {}, who: '---- --' },
  {
    type: 'routing.UpdateRingState',
    body: { ringId: '$c_0', ringState: 'ACCEPTED' },
    who: '---- --',
  },
  { type: 'routing.SetAgentState', body: { availability: 'ONLINE' }, who: 'xxxx --' },
  { type: 'routing.SubscribeAgentsState', body: {}, who: 'xxxx --' },
  { type: 'userprofile.GetUserProfile', body: '$u', who: 'xx-x x-' },
  { type: 'userprofile.SetUserProfile', body: { firstName: 'Grace' }, who: '---- xx' },
]

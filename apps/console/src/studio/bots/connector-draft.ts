import type { BotChannelName, Connector, ConnectorHooks } from '@parley/contract'

/** What stands in the form of a connector. What is switched off keeps what was typed. */
export interface ConnectorForm {
  name: string
  kind: 'function' | 'endpoint'
  functionId: string
  endpoint: {
    baseUrl: string
    botId: string
    environment: string
    clientId: string
    /** Empty where it stays as it is. */
    clientSecret: string
  }
  skillIds: string[]
  channels: BotChannelName[]
  welcome: boolean
  engagementAttributes: boolean
  combines: boolean
  combine: { maxMessages: number; timeFrameMs: number; afterTypingMs: number }
  endsSilent: boolean
  silence: { warnAfterMs: number; warning: string; closeAfterMs: number }
  escalation: Connector['escalation']
  hooks: Record<keyof ConnectorHooks, string>
}

const EMPTY: ConnectorForm = {
  name: '',
  kind: 'function',
  functionId: '',
  endpoint: { baseUrl: '', botId: '', environment: '', clientId: '', clientSecret: '' },
  skillIds: [],
  channels: ['messaging', 'chat'],
  welcome: false,
  engagementAttributes: false,
  combines: false,
  combine: { maxMessages: 5, timeFrameMs: 2_000, afterTypingMs: 5_000 },
  endsSilent: false,
  silence: { warnAfterMs: 120_000, warning: '', closeAfterMs: 60_000 },
  escalation: {
    skillId: '',
    messageToCustomer: '',
    messageToAgent: '',
    transferFailureMessage: '',
  },
  hooks: { pre: '', post: '', error: '' },
}

export function formOf(connector: Connector | undefined): ConnectorForm {
  if (!connector) return EMPTY
  const { name, vendor, skillIds, channels, welcome, engagementAttributes } = connector
  const { combine, silence, escalation, hooks } = connector
  return {
    ...EMPTY,
    name,
    kind: vendor.kind,
    skillIds,
    channels,
    welcome,
    engagementAttributes,
    escalation,
    ...(vendor.kind === 'function'
      ? { functionId: vendor.functionId }
      : { endpoint: { ...endpointOf(vendor), clientSecret: '' } }),
    combines: combine !== undefined,
    ...(combine && { combine: { ...EMPTY.combine, ...withoutAbsent(combine) } }),
    endsSilent: silence !== undefined,
    ...(silence && { silence }),
    hooks: { ...EMPTY.hooks, ...withoutAbsent(hooks ?? {}) },
  }
}

/** What is sent. What is off is left out: a change takes it away with `null`. */
export function draftOf(form: ConnectorForm) {
  const { name, kind, functionId, endpoint, skillIds, channels, welcome, engagementAttributes } =
    form
  const { clientSecret, ...rest } = endpoint
  const hooks = Object.fromEntries(Object.entries(form.hooks).filter(([, id]) => id !== ''))
  return {
    name,
    skillIds,
    channels,
    welcome,
    engagementAttributes,
    escalation: form.escalation,
    vendor:
      kind === 'function'
        ? ({ kind, functionId } as const)
        : ({ kind, ...rest, ...(clientSecret !== '' && { clientSecret }) } as const),
    ...(form.combines && { combine: form.combine }),
    ...(form.endsSilent && channels.includes('chat') && { silence: form.silence }),
    ...(Object.keys(hooks).length > 0 && { hooks }),
  }
}

/** The same as a change: what is off is taken away. */
export function changeOf(form: ConnectorForm) {
  const draft = draftOf(form)
  const { combine = null, silence = null, hooks = null } = draft
  return { ...draft, combine, silence, hooks }
}

function endpointOf({
  baseUrl,
  botId,
  environment,
  clientId,
}: Extract<Connector['vendor'], { kind: 'endpoint' }>) {
  return { baseUrl, botId, environment, clientId }
}

function withoutAbsent<Value extends object>(value: Value) {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))
}

import {
  AccountSettingsChange,
  AutomaticMessageChange,
  CalendarDraft,
  CommandOutcome,
  EMAIL,
  InvocationState,
  MAX_CLOCK_MOVE_MS,
  setChatSettings,
  setTranscriptSettings,
} from '@parley/contract'
import { CbotEventType } from '@parley/contract/events'
import * as z from 'zod'
import { DURATION_RULE, durationMs } from '../duration.ts'

// What a scenario file may say. The JSON schema for editors is made from this.

const Text = z.string().min(1, 'must not be empty')

/** Virtual time, such as `30m`. */
const Duration = z.string().refine((text) => isDuration(text), {
  message: `must be a duration ${DURATION_RULE}, at most 366d`,
})

function isDuration(text: string): boolean {
  const ms = durationMs(text)
  return ms !== undefined && ms <= MAX_CLOCK_MOVE_MS
}

const Opening = z.strictObject({
  /** Id or name of a skill; the first one of the account unless given. */
  skill: Text.optional(),
  /** Of the consumer, such as `en-US`. */
  language: Text.optional(),
  /** What the consumer's window can show, such as `QUICK_REPLIES`. */
  features: z.array(Text).optional(),
  /** Of the consumer, such as `firstName`. */
  profile: z.record(z.string(), z.json()).optional(),
  /** Engagement attributes of the visit, in the published form: a list of objects with a `type`. */
  attributes: z.array(z.looseObject({ type: Text })).optional(),
})

const ChatOpening = z.strictObject({
  /** Id or name of a skill; the first one of the account unless given. */
  skill: Text.optional(),
  /** Of the visitor. */
  name: Text.optional(),
  /** Where transcripts go. */
  email: z.email({ error: 'must be a mail address', pattern: EMAIL }).optional(),
  /** The first line. */
  says: Text.optional(),
})

const ChatSurvey = z.strictObject({
  /** How satisfied the visitor was, from 1 to 5. */
  csat: z.int().min(1).max(5).optional(),
  /** By the id of the question: a text, the chosen option, or the chosen options. */
  answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
})

/** Who speaks in a live chat. */
const CHAT_SPEAKERS = ['agent', 'visitor'] as const

const ChatMessage = z
  .strictObject({
    text: Text.optional(),
    contains: Text.optional(),
    /** The agent, unless given. */
    from: z.enum(CHAT_SPEAKERS).optional(),
    within: Duration.optional(),
  })
  .refine(({ text, contains }) => text === undefined || contains === undefined, {
    message: 'must have text or contains, not both',
    path: ['contains'],
  })

const Chat = z.strictObject({
  stage: z.enum(['waiting', 'active', 'ended']).optional(),
  /** `open` until it is answered or a day after the end. */
  survey: z.enum(['none', 'open', 'submitted', 'expired']).optional(),
  /** Why it has ended. */
  reason: z.enum(['closed', 'silence', 'not-taken']).optional(),
  within: Duration.optional(),
})

/** Who speaks: the automatic messages and functions, the survey, the agent, the consumer. */
export const SPEAKERS = ['bot', 'survey', 'agent', 'consumer'] as const

const Message = z
  .strictObject({
    /** The whole text. */
    text: Text.optional(),
    /** A part of it. */
    contains: Text.optional(),
    /** The bot or the survey, unless given. */
    from: z.enum(SPEAKERS).optional(),
    /** How long it may take, in virtual time; it must be there at once unless given. */
    within: Duration.optional(),
  })
  .refine(({ text, contains }) => text === undefined || contains === undefined, {
    message: 'must have text or contains, not both',
    path: ['contains'],
  })
export type WantedMessage = z.infer<typeof Message>

const Command = z.strictObject({
  type: CommandOutcome.shape.type,
  applied: z.boolean().optional(),
  reason: z.string().optional(),
  function: Text.optional(),
  /** Members of the command as the function has returned it. */
  members: z.record(z.string(), z.json()).optional(),
  within: Duration.optional(),
})

const Run = z.strictObject({
  function: Text.optional(),
  /** Id of an event. */
  event: Text.optional(),
  outcome: InvocationState.optional(),
  /** Members of the payload that the function got; others may be there. */
  payload: z.json().optional(),
  /** Members of what it has returned. */
  result: z.json().optional(),
  within: Duration.optional(),
})

const Mail = z.strictObject({
  to: Text.optional(),
  subject: Text.optional(),
  /** A part of the text. */
  contains: Text.optional(),
  within: Duration.optional(),
})

const Timer = z.strictObject({
  /** Such as `idle-consumer` or `auto-close`. */
  name: Text,
  /** When it is due, counted from now. */
  in: Duration.optional(),
})

const Conversation = z.strictObject({
  /** Whether its main dialog is open. */
  state: z.enum(['OPEN', 'CLOSE']).optional(),
  /** Whether any dialog is open. */
  stage: z.enum(['OPEN', 'CLOSE']).optional(),
  /** Id or name. */
  skill: Text.optional(),
  /** Whether an agent serves it. */
  assigned: z.boolean().optional(),
  within: Duration.optional(),
})

/** Steps that say nothing beside their name. */
export const BARE_STEPS = [
  'consumer closes',
  'agent accepts',
  'agent closes',
  'visitor closes chat',
  'chat agent accepts',
  'chat agent closes',
] as const

const STEPS = {
  'consumer opens': z.union([Opening, z.null()]),
  'consumer says': Text,
  'consumer closes': z.null(),
  'agent accepts': z.null(),
  'agent says': Text,
  'agent transfers': z.strictObject({ skill: Text }),
  'agent closes': z.null(),
  'visitor opens chat': z.union([ChatOpening, z.null()]),
  'visitor says': Text,
  'visitor closes chat': z.null(),
  'visitor answers survey': ChatSurvey,
  'chat agent accepts': z.null(),
  'chat agent says': Text,
  'chat agent closes': z.null(),
  wait: Duration,
  'expect message': z.union([Text, Message]),
  'expect no message': z.union([Text, Message, z.null()]),
  'expect command': z.union([Text, Command]),
  'expect no command': z.union([Text, Command, z.null()]),
  'expect run': z.union([Text, Run]),
  'expect mail': Mail,
  'expect timer': z.union([Text, Timer]),
  'expect conversation': Conversation,
  'expect chat message': z.union([Text, ChatMessage]),
  'expect chat': Chat,
}
export type StepName = keyof typeof STEPS
export const STEP_NAMES = Object.keys(STEPS) as StepName[]

/** What stands after the name of each step. */
export type StepArguments = { [Name in StepName]: z.infer<(typeof STEPS)[Name]> }

const StepObject = z
  .strictObject(STEPS)
  .partial()
  .refine((step) => Object.keys(step).length === 1, {
    message: `must be one step: ${STEP_NAMES.join(', ')}`,
  })

const Step = z.union([
  z.enum([...BARE_STEPS, 'consumer opens', 'visitor opens chat', 'expect no message']),
  StepObject,
])
export type Step = z.infer<typeof Step>

/** What the account is set to before the conversation begins. Afterwards it is as before. */
const Account = z.strictObject({
  /** As `PATCH /settings` takes them. */
  settings: AccountSettingsChange.optional(),
  automaticMessages: z.partialRecord(CbotEventType, AutomaticMessageChange).optional(),
  /** When the account is open. */
  calendar: CalendarDraft.optional(),
  /** As `PUT /chat-settings` takes them: live chat and its survey. */
  chat: setChatSettings.body.optional(),
  /** As `PUT /transcript-settings` takes them: who gets a transcript. */
  transcripts: setTranscriptSettings.body.optional(),
})
export type ScenarioAccount = z.infer<typeof Account>

/** One conversation, and what must come of it. */
export const ScenarioText = z.strictObject({
  /** The name of the file unless given. */
  name: Text.optional(),
  account: Account.optional(),
  steps: z.array(Step).min(1, 'must have at least one step'),
})
export type ScenarioText = z.infer<typeof ScenarioText>

/** Several of them in one file. */
export const ScenarioList = z.strictObject({
  scenarios: z.array(ScenarioText).min(1, 'must have at least one scenario'),
})

/** A JSON schema of scenario files, for editors. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(z.union([ScenarioText, ScenarioList]), { io: 'input' })
}

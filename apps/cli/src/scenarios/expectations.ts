import { durationMs, durationText } from '../duration.ts'
import { difference } from './difference.ts'
import type { CaughtMail } from '../local-world/world-messages.ts'
import { isMail } from './expected-mail.ts'
import { ScenarioFailure } from './failure.ts'
import type { StepArguments, WantedMessage } from './schema.ts'
import type { Talk } from './talk.ts'
import { readBoth } from './read-both.ts'
import { describe, readConversation, type Run, type SaidMessage } from './timeline.ts'

/** What a scenario expects, by step. Each resolves when it has come, and throws a `ScenarioFailure` when it has not. */
export type Expectations = {
  [Name in keyof StepArguments as Name extends `expect ${infer What}` ? What : never]: (
    wanted: StepArguments[Name],
  ) => Promise<void>
}

type Read = Awaited<ReturnType<typeof readConversation>>

/** Where what is expected may come. */
interface Source {
  read(): Promise<Read>
  /** How many of its messages earlier steps have found. */
  seen(): number
}

/** @param talk the scenario's conversation; every expectation looks at what came after what the one before has found */
export function expectationsOf(talk: Talk): Expectations {
  const { world } = talk
  let seenMessages = 0
  let seenRuns = 0
  let seenLines = 0
  const mailsBefore = world.mails.length
  const seenMails = new Set<CaughtMail>()

  const inConversation: Source = {
    read: () => readConversation(world, talk.conversation().conversationId),
    seen: () => seenMessages,
  }
  const inChat: Source = {
    read: async () => ({ messages: (await talk.chat.read()).lines, runs: [] }),
    seen: () => seenLines,
  }
  const inBoth: Source = { read: () => readBoth(talk), seen: () => 0 }
  const inWhatIsOpen = () => (talk.chat.isOpened ? inChat : inConversation)

  /** The next timer of the conversation, or that instant. */
  async function nextStop(until: number): Promise<number> {
    if (!talk.isOpened) return until
    const { timers } = await talk.read()
    const due = timers.map(({ at }) => Date.parse(at)).filter((at) => at > world.time.now())
    return Math.min(until, ...due)
  }

  /** Looks again when a timer of the conversation was due, until `within` is over. */
  async function comes(
    within: string | undefined,
    look: (read: Read) => string | undefined | Promise<string | undefined>,
    wanted: string,
    { read: readAll, seen }: Source = inConversation,
  ): Promise<void> {
    const since = world.time.now()
    const until = since + (durationMs(within ?? '0s') ?? 0)
    for (;;) {
      const read = await readAll()
      const lacking = await look(read)
      if (lacking === undefined) return
      if (world.time.now() >= until) {
        const waited = durationText(world.time.now() - since)
        const came = describe(read.messages.slice(seen()), read.runs, talk.startedAt)
        const detail = lacking === '' ? '' : `\n  ${lacking}`
        throw new ScenarioFailure(
          `Expected ${wanted}; waited ${waited} of virtual time. This came instead:\n${came}${detail}`,
        )
      }
      await world.time.until(await nextStop(until))
    }
  }

  function findMessage(messages: readonly SaidMessage[], wanted: WantedMessage): number {
    return messages.findIndex((one, at) => at >= seenMessages && isMessage(one, wanted))
  }

  function findRun(
    runs: readonly Run[],
    lacks: (run: Run) => string | undefined,
  ): { at: number; lacking: string } {
    let lacking = runs.length > seenRuns ? '' : 'no function ran'
    for (const [at, run] of runs.entries()) {
      if (at < seenRuns) continue
      const found = lacks(run)
      if (found === undefined) return { at, lacking: '' }
      lacking = `${run.functionName ?? run.functionId}: ${found}`
    }
    return { at: -1, lacking }
  }

  return {
    async message(given) {
      const wanted = typeof given === 'string' ? { text: given } : given
      await comes(
        wanted.within,
        ({ messages }) => {
          const found = findMessage(messages, wanted)
          if (found < 0) return ''
          seenMessages = found + 1
          return undefined
        },
        `a message ${messageText(wanted, wanted.from)}`,
      )
    },
    async 'no message'(given) {
      const wanted = typeof given === 'string' ? { text: given } : (given ?? {})
      if (wanted.within !== undefined) {
        await world.time.until(world.time.now() + (durationMs(wanted.within) ?? 0))
      }
      const { messages, runs } = await readConversation(world, talk.conversation().conversationId)
      if (findMessage(messages, wanted) < 0) return
      const came = describe(messages.slice(seenMessages), runs, talk.startedAt)
      throw new ScenarioFailure(
        `Expected no message ${messageText(wanted, wanted.from)}. This came:\n${came}`,
      )
    },
    async command(given) {
      const wanted = commandOf(given)
      if (wanted.function !== undefined) world.requireFunction(wanted.function)
      await comes(
        wanted.within,
        ({ runs }) => {
          const { at, lacking } = findRun(runs, (run) => lacksCommand(run, wanted))
          if (at < 0) return lacking
          seenRuns = at
          return undefined
        },
        `the command ${wanted.type}`,
      )
    },
    async 'no command'(given) {
      const wanted = given === null ? undefined : commandOf(given)
      const { runs, messages } = await readConversation(world, talk.conversation().conversationId)
      const found = runs
        .slice(seenRuns)
        .some((run) =>
          wanted
            ? lacksCommand(run, wanted) === undefined
            : run.commands?.some(({ applied, type }) => applied && type !== 'defaultMessage'),
        )
      if (!found) return
      const came = describe(messages, runs, talk.startedAt)
      throw new ScenarioFailure(`Expected no command ${wanted?.type ?? ''}. This came:\n${came}`)
    },
    async run(given) {
      const wanted = typeof given === 'string' ? { function: given } : given
      if (wanted.function !== undefined) world.requireFunction(wanted.function)
      await comes(
        wanted.within,
        ({ runs }) => {
          const { at, lacking } = findRun(runs, (run) => lacksOfRun(run, wanted))
          if (at < 0) return lacking
          seenRuns = at
          return undefined
        },
        `a run of ${wanted.function ?? 'a function'}`,
        inBoth,
      )
    },
    async mail(wanted) {
      await comes(
        wanted.within,
        async () => {
          await world.mailsArrived()
          const sent = world.mails.slice(mailsBefore).filter((mail) => !seenMails.has(mail))
          for (const mail of sent) {
            if (!(await isMail(mail, wanted))) continue
            seenMails.add(mail)
            return undefined
          }
          const told = sent.map(({ to, subject }) => `${to.join()} ${JSON.stringify(subject)}`)
          return `mails that were sent: ${told.join(', ') || 'none'}`
        },
        `a mail ${JSON.stringify(wanted)}`,
        inWhatIsOpen(),
      )
    },
    async 'chat message'(given) {
      const wanted = typeof given === 'string' ? { text: given } : given
      const { text, contains, from = 'agent' } = wanted
      await comes(
        wanted.within,
        ({ messages }) => {
          const found = messages.findIndex(
            (one, at) => at >= seenLines && isMessage(one, { text, contains }, from),
          )
          if (found < 0) return ''
          seenLines = found + 1
          return undefined
        },
        `a line ${messageText({ text, contains }, from)}`,
        inChat,
      )
    },
    async chat({ within, ...wanted }) {
      await comes(
        within,
        async () => {
          const { stage, survey, endReason: reason } = (await talk.chat.read()).chat
          return difference({ stage, survey, reason }, wanted, 'chat')
        },
        `the chat ${JSON.stringify(wanted)}`,
        inChat,
      )
    },
    async timer(given) {
      const wanted = typeof given === 'string' ? { name: given } : given
      const { timers } = await talk.read()
      const now = world.time.now()
      const found = timers.find(({ name }) => name === wanted.name)
      const armed = timers.map(
        ({ name, at }) => `  ${name} in ${durationText(Date.parse(at) - now)}`,
      )
      const said = armed.length === 0 ? '  none' : armed.join('\n')
      if (!found)
        throw new ScenarioFailure(`Expected the timer ${wanted.name}. Armed are:\n${said}`)
      if (wanted.in === undefined) return
      const differs = Math.abs(Date.parse(found.at) - now - (durationMs(wanted.in) ?? 0))
      if (differs <= TIMER_SLACK_MS) return
      throw new ScenarioFailure(
        `Expected the timer ${wanted.name} in ${wanted.in}. Armed are:\n${said}`,
      )
    },
    async conversation(wanted) {
      const { within, skill, assigned, ...members } = wanted
      await comes(
        within,
        async () => {
          const { assignedAgentId, skillId, state, stage } = await talk.read()
          const actual = { state, stage, skill: skillId, assigned: assignedAgentId !== undefined }
          const given = {
            ...members,
            ...(skill !== undefined && { skill: world.skillId(skill) }),
            ...(assigned !== undefined && { assigned }),
          }
          return difference(actual, given, 'conversation')
        },
        `the conversation ${JSON.stringify(wanted)}`,
      )
    },
  }
}

const TIMER_SLACK_MS = 1_000

type WantedText = Pick<WantedMessage, 'text' | 'contains'>

function isMessage(
  one: SaidMessage,
  { text, contains, from: wanted }: WantedMessage,
  from: SaidMessage['from'] | undefined = wanted,
): boolean {
  const isFrom = from === undefined ? ['bot', 'survey'].includes(one.from) : one.from === from
  if (!isFrom || (text !== undefined && one.text !== text)) return false
  return contains === undefined || one.text.includes(contains)
}

function messageText({ text, contains }: WantedText, from?: string): string {
  const what =
    text === undefined
      ? contains === undefined
        ? ''
        : `that contains ${JSON.stringify(contains)} `
      : `${JSON.stringify(text)} `
  return `${what}from the ${from ?? 'bot or a survey'}`
}

type WantedCommand = Exclude<StepArguments['expect command'], string>
type WantedRun = Exclude<StepArguments['expect run'], string>

function commandOf(given: string | WantedCommand): WantedCommand {
  return typeof given === 'string' ? { type: given, applied: true } : { applied: true, ...given }
}

function lacksCommand(run: Run, wanted: WantedCommand): string | undefined {
  const { type, applied, reason, members } = wanted
  const lacking = lacksFunction(run, wanted.function)
  if (lacking !== undefined) return lacking
  const outcome = run.commands?.find((one) => one.type === type)
  if (!outcome)
    return `it has asked for ${run.commands?.map((one) => one.type).join() || 'nothing'}`
  const expected = {
    ...(applied !== undefined && { applied }),
    ...(reason !== undefined && { reason }),
  }
  const differs = difference(outcome, expected, type)
  if (differs !== undefined || members === undefined) {
    return differs === undefined
      ? undefined
      : `${differs}${outcome.reason ? ` (${outcome.reason})` : ''}`
  }
  const returned = [run.result].flat().find((one) => Object(one).type === type)
  return difference(returned, members, type)
}

function lacksOfRun(run: Run, wanted: WantedRun): string | undefined {
  const lacking = lacksFunction(run, wanted.function)
  if (lacking !== undefined) return lacking
  const { event, outcome, payload, result } = wanted
  const { eventId } = run
  const input = Object(run.input) as { payload?: unknown }
  return (
    (event === undefined ? undefined : difference(eventId, event, 'event')) ??
    (outcome === undefined ? undefined : difference(run.outcome, outcome, 'outcome')) ??
    (payload === undefined ? undefined : difference(input.payload, payload, 'payload')) ??
    (result === undefined ? undefined : difference(run.result, result, 'result'))
  )
}

function lacksFunction({ functionName }: Run, wanted: string | undefined): string | undefined {
  return wanted === undefined || functionName === wanted ? undefined : `it is not ${wanted}`
}

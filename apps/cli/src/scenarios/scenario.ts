import { durationMs, DURATION_RULE } from '../duration.ts'
import { expectationsOf, type Expectations } from './expectations.ts'
import { type Place, ScenarioFailure } from './failure.ts'
import { inTime } from './in-time.ts'
import type { ReadScenario } from './read-file.ts'
import type { ScenarioAccount, StepArguments, StepName } from './schema.ts'
import { openTalk, type Talk } from './talk.ts'
import type { World } from './world.ts'

/** What a scenario does, with a method for each step of scenario files. */
export interface Play {
  readonly consumer: Talk['consumer']
  readonly agent: Talk['agent']
  /** Who comes to live chat. */
  readonly visitor: Talk['chat']['visitor']
  /** Who serves live chats. */
  readonly chatAgent: Talk['chat']['agent']
  /** Lets virtual time pass, such as `30m`. */
  wait(duration: string): Promise<void>
  /** What must have come: `expect.message('Welcome')`. */
  readonly expect: Expectations
}

/** A conversation and what must come of it: of a file, or a program. */
export interface Scenario {
  readonly name: string
  readonly file: string
  readonly account?: ScenarioAccount | undefined
  play(play: Play): Promise<void>
}

/** Runs a scenario in a world. @throws ScenarioFailure when something that it expects does not come */
export async function runScenario(world: World, scenario: Scenario): Promise<void> {
  using _running = world.time.begin()
  await world.time.settled()
  await using talk = openTalk(world)
  await scenario.play(playOf(talk))
}

/** How long a step may take in real time, the waiting for a ring included. */
const STEP_MS = 300_000

function playOf(talk: Talk): Play {
  const { time } = talk.world
  const followed = <Given extends unknown[]>(step: (...given: Given) => Promise<void>) => {
    return async (...given: Given) => {
      await inTime('The step', STEP_MS, step(...given))
      await time.settled()
    }
  }
  const { consumer, agent, chat } = talk
  return {
    visitor: {
      opens: followed(chat.visitor.opens),
      says: followed(chat.visitor.says),
      closes: followed(chat.visitor.closes),
      answers: followed(chat.visitor.answers),
    },
    chatAgent: {
      accepts: followed(chat.agent.accepts),
      says: followed(chat.agent.says),
      closes: followed(chat.agent.closes),
    },
    consumer: {
      opens: followed(consumer.opens),
      says: followed(consumer.says),
      closes: followed(consumer.closes),
    },
    agent: {
      accepts: followed(agent.accepts),
      says: followed(agent.says),
      transfers: followed(agent.transfers),
      closes: followed(agent.closes),
    },
    async wait(duration) {
      const ms = durationMs(duration)
      if (ms === undefined) throw new ScenarioFailure(`${duration}: must be ${DURATION_RULE}`)
      await time.until(time.now() + ms)
    },
    expect: expectationsOf(talk),
  }
}

type Player<Name extends StepName> = (play: Play, given: StepArguments[Name]) => Promise<void>

const PLAYERS: { [Name in StepName]: Player<Name> } = {
  'consumer opens': ({ consumer }, given) => consumer.opens(given),
  'consumer says': ({ consumer }, given) => consumer.says(given),
  'consumer closes': ({ consumer }) => consumer.closes(),
  'agent accepts': ({ agent }) => agent.accepts(),
  'agent says': ({ agent }, given) => agent.says(given),
  'agent transfers': ({ agent }, given) => agent.transfers(given),
  'agent closes': ({ agent }) => agent.closes(),
  'visitor opens chat': ({ visitor }, given) => visitor.opens(given),
  'visitor says': ({ visitor }, given) => visitor.says(given),
  'visitor closes chat': ({ visitor }) => visitor.closes(),
  'visitor answers survey': ({ visitor }, given) => visitor.answers(given),
  'chat agent accepts': ({ chatAgent }) => chatAgent.accepts(),
  'chat agent says': ({ chatAgent }, given) => chatAgent.says(given),
  'chat agent closes': ({ chatAgent }) => chatAgent.closes(),
  wait: ({ wait }, given) => wait(given),
  'expect message': ({ expect }, given) => expect.message(given),
  'expect no message': ({ expect }, given) => expect['no message'](given),
  'expect command': ({ expect }, given) => expect.command(given),
  'expect no command': ({ expect }, given) => expect['no command'](given),
  'expect run': ({ expect }, given) => expect.run(given),
  'expect mail': ({ expect }, given) => expect.mail(given),
  'expect timer': ({ expect }, given) => expect.timer(given),
  'expect conversation': ({ expect }, given) => expect.conversation(given),
  'expect chat message': ({ expect }, given) => expect['chat message'](given),
  'expect chat': ({ expect }, given) => expect.chat(given),
}

/** A scenario that plays the steps of a file; failures say where the step stands. */
export function scenarioOfFile({ name, file, text, placeOf }: ReadScenario): Scenario {
  return {
    name,
    file,
    account: text.account,
    async play(play) {
      for (const [index, step] of text.steps.entries()) {
        const [entry] = typeof step === 'string' ? [[step, null] as const] : Object.entries(step)
        if (!entry) continue
        const [known, given] = entry
        try {
          // The schema has checked that what is given fits the step.
          await (PLAYERS[known as StepName] as Player<StepName>)(play, given as never)
        } catch (cause) {
          throw placed(cause, placeOf(['steps', index, known]), known)
        }
      }
    },
  }
}

function placed(cause: unknown, place: Place, step: string): ScenarioFailure {
  const message = cause instanceof Error ? cause.message : String(cause)
  const text = cause instanceof ScenarioFailure ? message : `${step} was refused: ${message}`
  const failure = new ScenarioFailure(text, { cause })
  failure.place = place
  return failure
}

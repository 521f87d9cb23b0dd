export { CannedAnswers, withCannedAnswers } from './canned-answers.ts'
export { GivenFacts } from './given-facts.ts'
export { type LocalTalk, type LocalTalkOptions, openLocalTalk } from './local-talk.ts'
export { openBotSandbox } from './open-bot-sandbox.ts'

export { MAX_TEXT_CHARACTERS } from './parse-command.ts'
export { type IgnoredCommand, readCommands, type ReadCommands } from './read-commands.ts'

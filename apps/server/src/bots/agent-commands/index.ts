export { openAgentCommands } from './open.ts'

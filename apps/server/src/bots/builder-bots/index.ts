export { openBuilderBots } from './open.ts'

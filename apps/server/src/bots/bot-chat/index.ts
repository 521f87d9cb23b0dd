export { chatObserver } from './observer.ts'
export { openBotChat } from './open.ts'

import { type ComponentType, lazy, type LazyExoticComponent } from 'react'
import { loadPart } from './load-part.ts'

/** What is drawn with code that comes when it is first needed. */
export function lazyPart<Props, Name extends string>(
  load: () => Promise<{ [one in Name]: ComponentType<Props> }>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await loadPart(load))[name] }))
}

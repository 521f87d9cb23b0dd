import { deliveryWords } from '../words/delivery.ts'

/** What is meant by the name of a consumer or a timer, where the console knows it. */
export function Kind({ name }: { name: string }) {
  const known = deliveryWords.kinds[name]
  return known === undefined ? <code>{name}</code> : <span title={name}>{known}</span>
}

import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509'
import { AsnConvert } from '@peculiar/asn1-schema'
import type { Territory } from './territory.ts'

const EVERY_ADDRESS = ['0.0.0.0/0', '::/0']

/** The value of the name constraints extension (RFC 5280, 4.2.1.10). */
export function nameConstraints({ domains, addresses }: Territory): ArrayBuffer {
  const permitted = [
    ...domains.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  // A kind of name that is not mentioned at all would be allowed without limits.
  const excluded =
    addresses.length === 0 ? EVERY_ADDRESS.map((iPAddress) => new GeneralName({ iPAddress })) : []
  const constraints = new NameConstraints({
    permittedSubtrees: subtrees(permitted),
    ...(excluded.length > 0 && { excludedSubtrees: subtrees(excluded) }),
  })
  return AsnConvert.serialize(constraints)
}

/** Whether a value of the extension permits all of a territory, each entry as it was written there. */
export function permits(value: ArrayBuffer, { domains, addresses }: Territory): boolean {
  const { permittedSubtrees } = AsnConvert.parse(value, NameConstraints)
  const bases = [...(permittedSubtrees ?? [])].map(({ base }) => base)
  return (
    domains.every((domain) => bases.some(({ dNSName }) => dNSName === domain)) &&
    addresses.every((address) => bases.some(({ iPAddress }) => iPAddress === address))
  )
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })))
}

import { hashName } from '../../kernel/generator.ts'
import type { Births } from './births.ts'

/** Which messages an edge lets through: a share by chance, or those with certain attributes. */
export type FilterSettings =
  | { readonly kind: 'share'; readonly share: number }
  | {
      readonly kind: 'attributes'
      /** All must match; of each one value. */
      readonly accepted: readonly {
        readonly attribute: string
        readonly values: readonly string[]
      }[]
    }

/** The share that it lets through, at most: attributes are not known before a run. */
export function meanShareOf(filter: FilterSettings | null | undefined): number {
  return filter?.kind === 'share' ? filter.share : 1
}

/** The filter of one edge. What it says of a message is the same whenever it is asked. */
export class Filter {
  private readonly settings: FilterSettings
  private readonly births: Births
  private readonly purpose: number

  /** `edge` names the edge, so that two edges with the same share choose independently. */
  constructor(settings: FilterSettings, edge: string, births: Births) {
    this.settings = settings
    this.births = births
    this.purpose = hashName(`${edge}/filter`)
  }

  passes(message: number): boolean {
    const { settings, births } = this
    if (settings.kind === 'share') {
      return births.drawFor(message, this.purpose, 0).nextUniform() < settings.share
    }
    return settings.accepted.every(({ attribute, values }) => {
      const value = births.attributeOf(message, attribute)
      return value !== undefined && values.includes(value)
    })
  }
}

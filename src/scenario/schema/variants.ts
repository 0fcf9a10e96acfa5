/** `variants`: overlays of the scenario, for `compare`. */
import { z } from 'zod'
import { name } from './common.ts'

/** The name of the scenario itself among its variants. */
export const AS_WRITTEN = 'as-written'

export const variants = z
  .record(
    name,
    z.record(z.string(), z.unknown()).refine((changes) => Object.keys(changes).length > 0, {
      error: 'a variant changes something: `functions.checkout.memorySize: 512`',
    }),
    { error: '`variants` is a map: a name, and what is different there by dotted path' },
  )
  .prefault({})
  .refine((variants) => !Object.hasOwn(variants, AS_WRITTEN), {
    error: `\`${AS_WRITTEN}\` is what \`compare\` calls the scenario without any variant`,
  })
  .meta({
    description:
      'What `compare` sets beside the scenario as written: by name, values by dotted path as in `--set`; `functions.*.timeout` changes every function.',
    examples: [{ small: { 'functions.checkout.memorySize': 512 } }],
  })

import { EXIT_FINE } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'

/** `spillway schema`: the JSON Schema that editors read. */
export async function schemaAction(io: CommandIo): Promise<number> {
  const { scenarioJsonSchemaText } = await import('../../scenario/json-schema.ts')
  io.stdout.write(scenarioJsonSchemaText())
  return EXIT_FINE
}

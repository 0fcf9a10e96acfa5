import type { Qualifier } from '../../compute/lambda-function.ts'
import type { Target } from '../../resources/target.ts'
import type { World } from '../../world.ts'

/** The asynchronous events of the function that an edge leads to. Only from `connect` on. */
export function functionTarget({ function: owner, name }: Qualifier, world: World): Target {
  const reference = name === '' ? owner.name : `${owner.name}:${name}`
  return world.target(`functions.${reference}`, ['functions'])
}

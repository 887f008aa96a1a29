/** Whether something has an owner. */

export type Belonging =
  | { readonly belongs: true }
  | {
      readonly belongs: false;
      /** For people: whose it was. */
      readonly why: string;
    };

export const owned: Belonging = { belongs: true };

export const ownerless = (why: string): Belonging => ({ belongs: false, why });

import { createContext } from "react";

/** The node type, with its version, of the step whose form this is. */
export const StepType = createContext<string>("");

import { addEnglish } from "..";
import workflows from "../locales/en/workflows.json";

addEnglish("workflows", workflows);

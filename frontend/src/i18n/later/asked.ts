import { addEnglish } from "..";
import asked from "../locales/en/asked.json";

addEnglish("asked", asked);
